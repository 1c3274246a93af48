/** The {@code .env} files of nodes. */
@NullMarked
package ai.tatbot.state.server.env;

import org.jspecify.annotations.NullMarked;
