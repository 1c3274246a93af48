/** Tests of the transport, without any tool of the server. */
@NullMarked
package ai.tatbot.state.server.mcp.transport;

import org.jspecify.annotations.NullMarked;
