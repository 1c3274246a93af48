package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.WatchStatus.Condition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a watch is connected, and its condition, of which listeners are told whenever it turns. Guarded by the lock of the
 * watch, but for {@link #status} and {@link #isClosed}.
 */
final class WatchCondition {
    private final Object lock;
    private final Freshness freshness;
    private final WatchConsumers consumers;
    private volatile Turn turn = new Turn(Condition.RECONNECTING, Instant.now(), 1, null, null);
    private boolean subscribed;
    private int connection;

    /**
     * @param lock of the watch; whoever waits on it is woken by every turn
     */
    WatchCondition(Object lock, Freshness freshness, WatchConsumers consumers) {
        this.lock = lock;
        this.freshness = freshness;
        this.consumers = consumers;
    }

    /** The condition at this moment. */
    WatchStatus status() {
        Turn now = turn;
        long nanos = System.nanoTime();
        Condition condition = now.condition;
        Instant since = now.since;
        if (condition == Condition.LIVE || condition == Condition.STALE) {
            // Whoever asks learns the truth of this moment, even if the thread that looks after it is late.
            Condition truth = freshness.isLive(nanos) ? Condition.LIVE : Condition.STALE;
            since = truth == condition ? since : Instant.now();
            condition = truth;
        }
        Instant asOf = freshness.everSynced() ? Instant.now().minusNanos(freshness.staleNanos(nanos)) : null;
        String reason = condition == Condition.LIVE ? null : now.reason;
        return new WatchStatus(condition, since, asOf, now.attempt, now.nextTry, reason);
    }

    boolean isClosed() {
        return turn.condition == Condition.CLOSED;
    }

    /** Whether Redis has confirmed all channels of the present connection. */
    boolean isSubscribed() {
        return subscribed;
    }

    /** Number of the present connection; what was read over an earlier one is out of date. */
    int connection() {
        return connection;
    }

    /** Redis has confirmed all channels of a new connection. */
    void subscribed() {
        connection++;
        subscribed = true;
        turn(Condition.STALE, 0, null, turn.reason);
    }

    /**
     * The connection is gone, or could not be made.
     *
     * @return whether people have not been told of this outage yet
     */
    boolean disconnected(@Nullable String reason, int attempt, Duration pause) {
        boolean news = subscribed || turn.reason == null;
        connection++;
        subscribed = false;
        freshness.unsynced();
        turn(Condition.RECONNECTING, attempt, Instant.now().plus(pause), reason);
        return news;
    }

    /** Why it is not live: shown from here on, and told with the next turn. */
    void because(@Nullable String reason) {
        turn = turn.because(reason);
    }

    /** Turns to live or stale if that is what it has become. */
    void look() {
        if (subscribed) {
            boolean live = freshness.isLive(System.nanoTime());
            turn(live ? Condition.LIVE : Condition.STALE, 0, null, live ? null : turn.reason);
        }
    }

    /** For good. What is known stays as old as it is. */
    void close() {
        // Listeners are told by whoever ends them: it is the last that they hear.
        turn = new Turn(Condition.CLOSED, Instant.now(), 0, null, null);
        freshness.unsynced();
        lock.notifyAll();
    }

    private void turn(Condition condition, int attempt, @Nullable Instant nextTry, @Nullable String reason) {
        Turn before = turn;
        if (before.condition == Condition.CLOSED
                || (before.condition == condition && before.attempt == attempt && nextTry == null)) {
            return;
        }
        turn = new Turn(
                condition, before.condition == condition ? before.since : Instant.now(), attempt, nextTry, reason);
        consumers.tell(status());
        lock.notifyAll();
    }

    /** A turn of the condition, as it was told to the listeners. */
    private record Turn(
            Condition condition,
            Instant since,
            int attempt,
            @Nullable Instant nextTry,
            @Nullable String reason) {
        Turn because(@Nullable String why) {
            return new Turn(condition, since, attempt, nextTry, why);
        }
    }
}
