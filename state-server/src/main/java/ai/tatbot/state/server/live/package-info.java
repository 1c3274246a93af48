/** The fleet in this process's memory, kept current by one watch, and what is new in it for any number of followers. */
@NullMarked
package ai.tatbot.state.server.live;

import org.jspecify.annotations.NullMarked;
