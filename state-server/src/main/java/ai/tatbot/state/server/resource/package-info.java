/** Files that the program carries on its class path. */
@NullMarked
package ai.tatbot.state.server.resource;

import org.jspecify.annotations.NullMarked;
