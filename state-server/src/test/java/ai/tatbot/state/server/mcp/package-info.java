/** Tests of the tools and resources, with a real Redis. */
@NullMarked
package ai.tatbot.state.server.mcp;

import org.jspecify.annotations.NullMarked;
