/** The HTTP server. */
@NullMarked
package ai.tatbot.state.server.http;

import org.jspecify.annotations.NullMarked;
