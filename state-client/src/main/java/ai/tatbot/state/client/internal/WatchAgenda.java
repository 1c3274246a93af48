package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a watch has to read, and when. It tells the freshness since when documents are owed: those that are to be read because
 * nothing else says what they are now. Guarded by the lock of the watch.
 */
final class WatchAgenda {
    static final long NEVER = Long.MAX_VALUE;

    /** How often everything is read, to find what was published by nobody: a write by hand, a key that was removed. */
    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(2);

    /** The same after something that could not be read: more often would let whoever publishes nonsense keep Redis busy. */
    private static final Duration RECONCILE_SOON = Duration.ofMillis(250);

    /** A big fleet is reconciled less often: reading must not take more than this part of the time. */
    private static final int RECONCILE_SHARE = 20;

    private final Object lock;
    private final View view;
    private final Freshness freshness;

    private boolean snapshotDue;
    private boolean logDue;

    /** Documents and the log are read in turns: an older node that writes all the time must not hold up the transitions. */
    private boolean logsTurn;

    /** Documents to be read, and up to when nothing is missing of them. */
    private final Map<Key<? extends Document>, Long> owed = new LinkedHashMap<>();

    /** Up to when nothing is missing of what nobody published; null unless the last reconcile failed. */
    private @Nullable Long unreconciledSince;

    private long reconcileAt = NEVER;
    private long reconciledAt = System.nanoTime();
    private long expiryAt = NEVER;
    private long notBefore = System.nanoTime();

    /**
     * @param lock of the watch; whoever waits on it is woken when something comes up
     */
    WatchAgenda(Object lock, View view, Freshness freshness) {
        this.lock = lock;
        this.view = view;
        this.freshness = freshness;
    }

    // ---- what is due

    /** What whoever asks is to read now; null if nothing. */
    @Nullable
    Work next(long now) {
        if (notBefore - now > 0) {
            return null;
        }
        if (snapshotDue) {
            return Work.SNAPSHOT;
        }
        if (expiryAt != NEVER && expiryAt - now <= 0) {
            oweExpired(now);
        }
        if (reconcileAt != NEVER && reconcileAt - now <= 0) {
            return Work.RECONCILE;
        }
        if (logDue && (logsTurn || owed.isEmpty())) {
            logsTurn = false;
            return Work.LOG;
        }
        if (!owed.isEmpty()) {
            logsTurn = true;
            return Work.OWED;
        }
        return null;
    }

    /** When to ask again if nothing is to be read now, and nothing comes up; may be {@link #NEVER}. */
    long nextAt(long now) {
        return notBefore - now > 0 ? notBefore : Math.min(expiryAt, reconcileAt);
    }

    /** Redis cannot be read at this moment: nothing is due for so long. */
    void pause(Duration pause) {
        notBefore = System.nanoTime() + pause.toNanos();
    }

    // ---- everything

    /** There is a new connection, over which all is to be read at once. */
    void subscribed() {
        snapshotDue = true;
        notBefore = System.nanoTime();
        lock.notifyAll();
    }

    /**
     * Everything has been read for the first time over this connection.
     *
     * @param begin when that began
     */
    void snapshotRead(long begin) {
        snapshotDue = false;
        unreconciledSince = null;
        owed.replaceAll((key, since) -> earlier(since, begin));
        oweTheRest();
        freshness.synced(begin);
        reconciled(begin);
    }

    /** A reconcile has read everything: no more is owed than what is to be read still. */
    void everythingRead() {
        unreconciledSince = null;
        oweTheRest();
    }

    /** A reconcile has failed: what nobody publishes is not known any more from when it began. It is tried again soon. */
    void notEverythingRead(long begin) {
        unreconciledSince = unreconciledSince == null ? Long.valueOf(begin) : unreconciledSince;
        freshness.owesSince(begin);
        reconcileAt = System.nanoTime();
    }

    /**
     * Everything has been read once more.
     *
     * @param begin when that began
     */
    void reconciled(long begin) {
        reconciledAt = System.nanoTime();
        reconcileAt = reconciledAt + Math.max(RECONCILE_EVERY.toNanos(), RECONCILE_SHARE * (reconciledAt - begin));
    }

    /** Someone has published what cannot be read, and may have written before: does not wait for the next turn. */
    void reconcileSoon() {
        if (!snapshotDue) {
            long soon = Math.max(System.nanoTime(), reconciledAt + RECONCILE_SOON.toNanos());
            reconcileAt = Math.min(reconcileAt, soon);
            lock.notifyAll();
        }
    }

    // ---- single documents

    /** What is received at this moment may have been on its way since the last proof. */
    void owe(Key<? extends Document> key) {
        owe(key, freshness.provenNanos());
    }

    private void owe(Key<? extends Document> key, long nanos) {
        freshness.owesSince(nanos);
        owed.merge(key, nanos, WatchAgenda::earlier);
        lock.notifyAll();
    }

    /** Documents whose time to live has run out, as far as is known, are to be read. */
    void oweExpired(long now) {
        expiryAt = view.expired(now, key -> owe(Subjects.document(key), System.nanoTime()));
    }

    /** Documents that are to be read; for the freshness they stay owed until {@link #oweTheRest} or {@link #oweAgain}. */
    Map<Key<? extends Document>, Long> takeOwed() {
        Map<Key<? extends Document>, Long> taken = new LinkedHashMap<>(owed);
        owed.clear();
        return taken;
    }

    /** What was taken has been read: no more is owed than what is to be read still. */
    void oweTheRest() {
        Optional<Long> oldest = Stream.concat(owed.values().stream(), Stream.ofNullable(unreconciledSince))
                .reduce(WatchAgenda::earlier);
        oldest.ifPresentOrElse(freshness::owesOnlySince, freshness::owesNothing);
    }

    /** What was taken could not be read. */
    void oweAgain(Map<Key<? extends Document>, Long> taken) {
        taken.forEach(this::owe);
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    // ---- the log

    /** Transitions are to be taken from the log. */
    void oweLog() {
        logDue = true;
        lock.notifyAll();
    }

    /** The log is being read from here on. */
    void takeLog() {
        logDue = false;
    }

    /** What to read. */
    enum Work {
        /** All documents, over a new connection, and what is missing of the log. */
        SNAPSHOT,
        /** The documents that are owed. */
        OWED,
        /** What is missing of the log. */
        LOG,
        /** As for a snapshot, over the same connection. */
        RECONCILE
    }
}
