/** How MCP messages come and go: Streamable HTTP and standard input and output. Knows no tool and no resource. */
@NullMarked
package ai.tatbot.state.server.mcp.transport;

import org.jspecify.annotations.NullMarked;
