/** The {@code tatbot-state} program. */
@NullMarked
package ai.tatbot.state.server;

import org.jspecify.annotations.NullMarked;
