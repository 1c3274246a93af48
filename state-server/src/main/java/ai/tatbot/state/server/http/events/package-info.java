/** Server-Sent Events: the fleet as it is, then everything that is new, to any number of clients of any speed. */
@NullMarked
package ai.tatbot.state.server.http.events;

import org.jspecify.annotations.NullMarked;
