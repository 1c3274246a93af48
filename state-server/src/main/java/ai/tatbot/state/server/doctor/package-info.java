/** Finds out what is wrong with a node's way to the shared state, and says what to do: one class a check. */
@NullMarked
package ai.tatbot.state.server.doctor;

import org.jspecify.annotations.NullMarked;
