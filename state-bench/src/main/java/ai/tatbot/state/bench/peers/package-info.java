/** What is measured, and beside what: each contestant does one thing in one way, for a slot of time. */
@NullMarked
package ai.tatbot.state.bench.peers;

import org.jspecify.annotations.NullMarked;
