/** The commands, one class each. */
@NullMarked
package ai.tatbot.state.server.cli;

import org.jspecify.annotations.NullMarked;
