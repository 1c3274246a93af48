/** What ops/ ships, tried on real servers. */
@NullMarked
package ai.tatbot.state.server.operations;

import org.jspecify.annotations.NullMarked;
