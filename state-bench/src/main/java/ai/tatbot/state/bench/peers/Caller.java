package ai.tatbot.state.bench.peers;

/** One caller, who waits for each answer. For one thread. */
public interface Caller extends AutoCloseable {
    /** Does it once. */
    void call() throws Exception;

    /** Checks what is stored, and ends. */
    @Override
    default void close() throws Exception {}
}
