package ai.tatbot.state.server.mcp;

import java.time.Duration;

/** Told of every call of a tool. Called on the thread that answers: must be quick, and must not throw. */
@FunctionalInterface
public interface McpCalls {
    /** Counts nothing. */
    McpCalls IGNORED = (tool, outcome, took) -> {};

    /**
     * A call has been answered.
     *
     * @param tool name of a tool of this server; {@code unknown} for any other
     * @param outcome {@code ok}, {@code cancelled}, or the code of the failure in lower case, such as {@code invalid_key}
     */
    void answered(String tool, String outcome, Duration took);
}
