package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.WatchStatus;

/**
 * Up to which moment a watch is known to have received everything. One writer at a time, any number of readers.
 *
 * <p>The proof is a pulse: Redis answers it behind everything that it sent before. So once the answer has been read, so has
 * everything that was published before the pulse. Bytes that arrive prove nothing, since they may have been on their way for long.
 */
public final class Freshness {
    private static final long LIVE_WITHIN = WatchStatus.LIVE_WITHIN.toNanos();
    private static final long NOTHING = Long.MAX_VALUE;

    /** By {@link System#nanoTime()}. */
    private volatile long provenNanos = System.nanoTime();

    /** Up to when nothing is missing of the documents that are to be read; the oldest counts. */
    private volatile long owedSinceNanos = NOTHING;

    private volatile boolean synced;
    private volatile boolean everSynced;

    /** Everything published before this moment has been received; means nothing until the snapshot is complete, too. */
    void proven(long nanos) {
        if (synced && nanos - provenNanos > 0) {
            provenNanos = nanos;
        }
    }

    /**
     * The last proof. What is received now was published after it, perhaps at once, and may have been on its way since.
     */
    long provenNanos() {
        return provenNanos;
    }

    /** Documents are to be read because what was published of them did not say all; until this moment nothing is missing. */
    void owesSince(long nanos) {
        if (owedSinceNanos == NOTHING || nanos - owedSinceNanos < 0) {
            owedSinceNanos = nanos;
        }
    }

    /** What was to be read has been. */
    void owesNothing() {
        owedSinceNanos = NOTHING;
    }

    /** What was to be read has been, but for some that came since; of these nothing is missing until this moment. */
    void owesOnlySince(long nanos) {
        owedSinceNanos = nanos;
    }

    /**
     * The snapshot is complete. What is owed stays owed.
     *
     * @param readFromNanos when it began to be read
     */
    void synced(long readFromNanos) {
        provenNanos = readFromNanos;
        everSynced = true;
        synced = true;
    }

    /** The connection is gone: what is known stays as old as it is. */
    void unsynced() {
        if (synced) {
            // What is owed will be read with the next snapshot; until then it tells how old this is.
            provenNanos = asOfNanos();
            owedSinceNanos = NOTHING;
        }
        synced = false;
    }

    boolean everSynced() {
        return everSynced;
    }

    /** The moment up to which everything has been received. Means nothing before the first snapshot. */
    long asOfNanos() {
        long proven = provenNanos;
        long owed = owedSinceNanos;
        return owed == NOTHING || owed - proven > 0 ? proven : owed;
    }

    /** Whether everything up to half a second ago has been received. */
    public boolean isLive(long nowNanos) {
        return synced && nowNanos - asOfNanos() <= LIVE_WITHIN;
    }

    /** For how long nothing is known. */
    public long staleNanos(long nowNanos) {
        return Math.max(0, nowNanos - asOfNanos());
    }
}
