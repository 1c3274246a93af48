/** Runs the program in tests: within this process, and as a process of its own. */
@NullMarked
package ai.tatbot.state.server.testkit;

import org.jspecify.annotations.NullMarked;
