package ai.tatbot.state.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A running subscription. Restores itself after an outage, until it is closed, and tells the transitions that were published
 * meanwhile, from {@code events:log}. For the state as it is, and not only what happens, see {@link StateWatch}. Thread-safe.
 */
public interface Subscription extends AutoCloseable {
    /** Whether events arrive now. Never blocks. */
    Condition condition();

    /** Since when nothing can arrive; empty while it is live. Never blocks. */
    Optional<Instant> staleSince();

    /**
     * Ends the subscription. The listener is not called any more once this returns, unless it is the listener itself that
     * calls it. Waits for a running call of the listener for at most a second.
     */
    @Override
    void close();

    /** Conditions of a subscription. */
    enum Condition {
        /** Events arrive. */
        LIVE,
        /** The connection is gone and being restored. Positions published meanwhile are missed; transitions are told afterwards. */
        RECONNECTING,
        /** Closed by the program. */
        CLOSED
    }
}
