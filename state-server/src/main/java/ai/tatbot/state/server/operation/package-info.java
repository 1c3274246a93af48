/** What the server does for a caller, whether it calls through MCP or HTTP. Knows neither. */
@NullMarked
package ai.tatbot.state.server.operation;

import org.jspecify.annotations.NullMarked;
