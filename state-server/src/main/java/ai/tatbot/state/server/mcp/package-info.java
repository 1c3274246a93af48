/** The fleet's state for language models: tools, resources and a prompt of the Model Context Protocol. Knows no transport. */
@NullMarked
package ai.tatbot.state.server.mcp;

import org.jspecify.annotations.NullMarked;
