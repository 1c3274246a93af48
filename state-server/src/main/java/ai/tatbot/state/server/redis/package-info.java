/** A Redis of the program's own, for demo and serve. */
@NullMarked
package ai.tatbot.state.server.redis;

import org.jspecify.annotations.NullMarked;
