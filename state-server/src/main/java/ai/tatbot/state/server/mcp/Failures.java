package ai.tatbot.state.server.mcp;

import ai.tatbot.state.server.operation.OperationException;
import io.modelcontextprotocol.spec.McpError;

/** Failures of what is no tool, and so has no result in which to tell of them. */
final class Failures {
    /** The first of the codes that are left to servers. */
    private static final int SERVER_ERROR = -32000;

    private Failures() {}

    static McpError of(OperationException e) {
        return McpError.builder(SERVER_ERROR).message(e.text()).build();
    }
}
