package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.PublisherStats;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How a publisher fares: the figures for whoever asks, and the problems for the program's listener. The figures are for all
 * threads; what changes them, and what tells, belongs to the sender.
 */
final class PublishMonitor {
    private static final long TELL_EVERY = 60_000_000_000L;
    private static final long TELL_REFUSED_EVERY = 1_000_000_000;
    private static final int MOST_TOLD = 1_000;

    private final RedisConnections redis;
    private final PublishQueue queue;

    private final Map<String, Long> told = new HashMap<>();
    private @Nullable Reason toldOffline;
    private Instant opened = Instant.now();
    private long refusedTold;
    private long lastToldRefused;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong transitionsSent = new AtomicLong();
    private final AtomicLong transitionsLost = new AtomicLong();
    private final AtomicLong sessionsLost = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Instant connectedSince;
    private volatile @Nullable Instant disconnectedSince = Instant.now();
    private volatile @Nullable String lastError;

    PublishMonitor(RedisConnections redis, PublishQueue queue) {
        this.redis = redis;
        this.queue = queue;
    }

    // ---- the connection

    /** There is a connection; whether it is of use is not known yet. */
    void opened() {
        opened = Instant.now();
    }

    /** The connection works. */
    void online() {
        toldOffline = null;
        if (connectedSince == null) {
            connectedSince = opened;
            disconnectedSince = null;
        }
    }

    /** There is no connection, or none of use. Told once in an outage, and what someone must mend whenever that changes. */
    void offline(StateException failure) {
        failed(failure);
        if (connectedSince != null || disconnectedSince == null) {
            disconnectedSince = Instant.now();
            connectedSince = null;
        }
        if (toldOffline == failure.reason()) {
            return;
        }
        boolean first = toldOffline == null;
        toldOffline = failure.reason();
        if (first || RedisErrors.needsPeople(failure) || failure.reason() == Reason.INVALID) {
            report(
                    Problem.Kind.DISCONNECTED,
                    "publisher",
                    failure.getMessage() + " Trying again; of positions the latest is kept, transitions all.",
                    failure);
        }
    }

    // ---- what happened

    /** Something went wrong. */
    void failed(StateException failure) {
        failures.incrementAndGet();
        lastError = failure.getMessage();
    }

    void positionSent() {
        sent.incrementAndGet();
    }

    void positionDropped() {
        dropped.incrementAndGet();
    }

    void transitionSent() {
        transitionsSent.incrementAndGet();
    }

    void transitionLost() {
        transitionsLost.incrementAndGet();
    }

    void sessionLost() {
        sessionsLost.incrementAndGet();
    }

    // ---- what it tells

    void report(Problem.Kind kind, String source, String message, @Nullable Throwable cause) {
        redis.report(new Problem(kind, source, message, cause));
    }

    /** Whether this was not told for a minute: a loop would repeat it a thousand times a second. */
    boolean mayTell(String what) {
        long now = System.nanoTime();
        Long before = told.get(what);
        if (before != null && now - before < TELL_EVERY) {
            return false;
        }
        if (told.size() >= MOST_TOLD) {
            told.clear();
        }
        told.put(what, now);
        return true;
    }

    /**
     * Tells how many transitions the queue has refused since this was told last, once a second at most.
     *
     * @param now without waiting for the second to be over
     */
    void tellRefused(boolean now) {
        long refused = queue.refused();
        long nanos = System.nanoTime();
        if (refused > refusedTold && (now || refusedTold == 0 || nanos - lastToldRefused > TELL_REFUSED_EVERY)) {
            report(
                    Problem.Kind.NOT_PUBLISHED,
                    "publisher",
                    (refused - refusedTold)
                            + " transitions were refused, because too many wait to be sent; they are lost."
                            + " Raise publisherQueue if outages are to be that long.",
                    null);
            refusedTold = refused;
            lastToldRefused = nanos;
        }
    }

    // ---- for all threads

    /** What the publisher has done. */
    PublisherStats stats() {
        return new PublisherStats(
                queue.offered(),
                sent.get(),
                queue.conflated(),
                dropped.get(),
                queue.ignored(),
                queue.transitions(),
                transitionsSent.get(),
                transitionsLost(),
                sessionsLost.get(),
                failures.get(),
                connectedSince,
                disconnectedSince,
                lastError);
    }

    /** Everything that will never be stored. */
    long drops() {
        return dropped.get() + transitionsLost();
    }

    private long transitionsLost() {
        return transitionsLost.get() + queue.refused();
    }
}
