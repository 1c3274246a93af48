package ai.tatbot.state.client;

import java.time.Duration;

/**
 * Follows documents and transitions: what is there, then every change. It subscribes, then reads, then hands out the snapshot
 * and only what is newer. After an outage, a gap in the revisions, or a write by an older node it reads again by itself.
 * Transitions that were published meanwhile are caught up from {@code events:log}; if that has moved on, it says how many are lost.
 * What was before its first connection is in the snapshot, and its transitions are not told.
 * Documents that expire or are removed are noticed within some seconds, at once where Redis sends keyspace events.
 *
 * <p>It restores itself until it is closed, and always says how far it can be relied upon: {@link #status()}.
 *
 * <p>Thread-safe. Nothing here blocks, but for {@link #awaitLive}, {@link #close} and closing a registration.
 */
public interface StateWatch extends AutoCloseable {
    /** What it follows. */
    WatchScope scope();

    /** Its condition at this moment. */
    WatchStatus status();

    /**
     * Waits until it is live.
     *
     * @return whether it is, within this time
     */
    boolean awaitLive(Duration longest) throws InterruptedException;

    /**
     * Adds a listener: it is told of what is known already, then of every change. Each listener has a thread and a bounded queue of
     * its own.
     *
     * @return ends it when closed; waits for a call under way for at most a second
     * @throws StateException CLOSED if the watch is closed
     */
    Registration listen(WatchListener listener);

    /** Ends it and all its listeners; waits for their calls under way for at most a second in all. */
    @Override
    void close();

    /** A listener's place at a watch. Thread-safe. */
    interface Registration extends AutoCloseable {
        /** How many changes it was not told of, because a later one of the same document came before it was ready. */
        long conflated();

        @Override
        void close();
    }
}
