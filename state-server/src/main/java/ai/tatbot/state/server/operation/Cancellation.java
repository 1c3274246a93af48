package ai.tatbot.state.server.operation;

/** Whether the caller has lost interest in a long call. Thread-safe. */
@FunctionalInterface
public interface Cancellation {
    /** Nobody ever does. */
    Cancellation NEVER = () -> false;

    /** Whether the caller has. */
    boolean isRequested();
}
