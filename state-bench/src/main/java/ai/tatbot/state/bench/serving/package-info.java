/** What answers of the server cost: MCP beside the plainest request, from many clients. */
@NullMarked
package ai.tatbot.state.bench.serving;

import org.jspecify.annotations.NullMarked;
