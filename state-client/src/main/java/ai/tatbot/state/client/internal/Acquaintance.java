package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells an address at which there never was the Redis that was asked for, which people must put right, from one that has been
 * it and now talks nonsense: a byte flipped on the way, or a port that something else has for a moment. The latter is tried
 * again at the pace of a broken network, for some time. Thread-safe.
 */
final class Acquaintance {
    /** How long a stranger is taken for a disturbance. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nanoTime;
    private boolean known;
    private long strangeSince = NEVER;

    Acquaintance(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It has shaken hands. */
    synchronized void met() {
        known = true;
        strangeSince = NEVER;
    }

    /** It could not be reached, or did not answer. */
    synchronized void missed() {
        strangeSince = NEVER;
    }

    /** What to make of a handshake that failed. */
    synchronized NoConnectionException judge(NoConnectionException failure) {
        if (failure.reason() != Reason.MISCONFIGURED || !known) {
            strangeSince = NEVER;
            return failure;
        }
        long now = nanoTime.getAsLong();
        if (strangeSince == NEVER) {
            strangeSince = now;
        }
        return now - strangeSince > PATIENCE.toNanos()
                ? failure
                : new NoConnectionException(
                        Reason.UNAVAILABLE, failure.why() + " It was right before, and so is tried again.", failure);
    }
}
