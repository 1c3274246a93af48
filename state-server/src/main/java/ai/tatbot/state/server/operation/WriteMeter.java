package ai.tatbot.state.server.operation;

/** Told how long each write took, and what became of it; for figures. Called by the caller's thread: must be quick, and must not throw. */
@FunctionalInterface
public interface WriteMeter {
    /** Measures nothing. */
    WriteMeter NONE = (operation, outcome, nanos) -> {};

    /**
     * A write has ended.
     *
     * @param operation such as {@code publish_event}
     * @param outcome {@code done}, or the code of the failure, such as {@code INVALID_EVENT}
     */
    void ended(String operation, String outcome, long nanos);
}
