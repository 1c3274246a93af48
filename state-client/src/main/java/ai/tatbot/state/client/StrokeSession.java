package ai.tatbot.state.client;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.SessionLeases.Held;
import ai.tatbot.state.client.internal.SessionWrites;
import ai.tatbot.state.client.internal.StoredSession;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StrokeProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A stroke session that this process runs. Every method stores the new position, raises its revision and publishes its event
 * in one atomic step, and blocks until Redis has answered.
 *
 * <p>End it with {@link #end()} when its last stroke is done. {@link #close()} without that ends it as interrupted, so that a
 * session left by an exception never looks completed:
 *
 * <pre>{@code
 * try (StrokeSession session = state.startStrokeSession(100, 108, "tatbotlogo")) {
 *   for (...) session.update(stroke, pose);
 *   session.end();
 * }
 * }</pre>
 *
 * <p>A session has a lease, which is renewed in the background for as long as the process lives and reaches Redis, whether it
 * draws, is paused or slow. Once the lease has run out ({@link StateOptions#sessionLease()}), any node may end the session as
 * interrupted. {@link #lost()} tells that this has happened, or that another writer has taken the session over.
 *
 * <p>Every method throws a {@link StateException}: CONFLICT once the session has ended or another writer has taken it over,
 * and as {@link StateManager} says otherwise. Thread-safe; calls are done one after another.
 */
public final class StrokeSession implements AutoCloseable {
    private static final int MOST_TAKEOVER_TRIES = 50;

    private final SessionWriting writing;
    private final SessionWrites writes;
    private final Held held;
    private final CompletableFuture<StateException> lost = new CompletableFuture<>();
    /** Changes under the monitor, but for the loss, which may be told while a call waits for Redis. */
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    private volatile StrokeProgress progress;
    private volatile long revision;
    /** Why it was to end, if that was tried: closing it later must not turn completed into interrupted. */
    private @Nullable SessionEndReason ending;

    /** What was sent to end it: more than one if answers were lost. */
    private final List<StrokeProgress> ends = new ArrayList<>();

    private StrokeSession(SessionWriting writing, Key<StrokeProgress> key, long token, StrokeProgress progress) {
        this.writing = writing;
        this.writes = new SessionWrites(key, token, writing.lease());
        this.progress = progress;
        this.held = new Held(key, token, this::loseToOther);
    }

    static StrokeSession start(SessionWriting writing, String sessionId, StrokeProgress progress) {
        StrokeSession session = new StrokeSession(writing, Keys.strokeProgress(sessionId), 1, progress);
        session.begin(session.writes.start(progress));
        return session;
    }

    static StrokeSession takeOver(SessionWriting writing, Key<StrokeProgress> key, String nodeId) {
        for (int attempt = 1; ; attempt++) {
            StoredSession found = SessionWrites.takeable(key, writing.sessions().read(key));
            StrokeProgress next = SessionWrites.takenOver(found, nodeId);
            StrokeSession session = new StrokeSession(writing, key, found.fence() + 1, next);
            try {
                session.begin(session.writes.takeover(found, next));
                return session;
            } catch (StateException e) {
                // Its writer wrote between our read and our write; what it wrote is where to go on.
                if (e.reason() != Reason.CONFLICT || attempt >= MOST_TAKEOVER_TRIES) {
                    throw e;
                }
            }
        }
    }

    private void begin(DocumentWrite<StrokeProgress> first) {
        revision = writing.writer().write(first).revision();
        writing.leases().hold(held);
    }

    /** Its id, by which every node finds it. */
    public String id() {
        return key().id();
    }

    private Key<StrokeProgress> key() {
        return writes.key();
    }

    /** The position that was stored last. Never blocks. */
    public StrokeProgress progress() {
        return progress;
    }

    /** Revision of the position that was stored last. Never blocks. */
    public long revision() {
        return revision;
    }

    /**
     * Whether it is neither ended nor, as far as is known, taken over or ended by someone else; that is learned with each write,
     * and at least every third of the lease. Never blocks.
     */
    public boolean isRunning() {
        State now = state.get();
        return now == State.RUNNING || now == State.ENDING || now == State.END_UNCERTAIN;
    }

    /**
     * Completes, with the reason, once it is known that another writer has taken the session over, or that someone else has ended
     * it; never otherwise. What depends on it runs on a thread of its own, and may take its time:
     *
     * <pre>{@code
     * session.lost().thenAccept(why -> robot.stop());
     * }</pre>
     */
    public CompletionStage<StateException> lost() {
        return lost.minimalCompletionStage();
    }

    /**
     * Stores and publishes a new position.
     *
     * @param strokeIdx stroke being executed, counted from 0
     * @param poseIdx pose within the stroke, counted from 0
     * @return the new revision
     */
    public long update(int strokeIdx, int poseIdx) {
        return update(next -> next.strokeIdx(strokeIdx).poseIdx(poseIdx));
    }

    /**
     * Stores and publishes a new position.
     *
     * @param change changes whatever differs from the last position: stroke, pose, descriptions, needle depths. Who runs the
     *     session, and whether it is executing or paused, it cannot change: {@link #pause}, {@link #resume} and {@link #end} do.
     * @return the new revision
     */
    public synchronized long update(UnaryOperator<StrokeProgress.Builder> change) {
        StrokeProgress next = SessionWrites.moved(last(), change);
        return store(next, writes.position(next));
    }

    /** Holds the session: {@code is_paused} becomes true. Does nothing if it is held. */
    public synchronized void pause() {
        if (!progress.isPaused()) {
            turn(true);
        }
    }

    /** Goes on with a session that was held. Does nothing if it is not held. */
    public synchronized void resume() {
        if (progress.isPaused()) {
            turn(false);
        }
    }

    private void turn(boolean paused) {
        StrokeProgress next = SessionWrites.turned(last(), paused);
        store(next, writes.turn(next));
    }

    /** Ends the session as completed. Does nothing if it has ended. */
    public void end() {
        end(SessionEndReason.COMPLETED);
    }

    /** Ends the session: {@code is_executing} becomes false, and a {@code session_end} says why. Nothing if it has ended. */
    public synchronized void end(SessionEndReason reason) {
        if (state.get() == State.ENDED) {
            return;
        }
        ending = reason;
        StrokeProgress next = SessionWrites.atEnd(last());
        ends.add(next);
        State before = state.get();
        // From here on a fence that moved is most likely our own doing, and no loss.
        if (before == State.RUNNING && !state.compareAndSet(before, State.ENDING)) {
            throw SessionWrites.lost(key());
        }
        try {
            store(next, writes.end(next, reason));
            finish(State.ENDED);
        } catch (StateException e) {
            if (e.reason() == Reason.CONFLICT) {
                if (before == State.END_UNCERTAIN && isOurEnd()) {
                    // The attempt whose answer was lost had arrived: it is this end that moved the fence.
                    finish(State.ENDED);
                    return;
                }
                lose(e);
            } else if (e.reason() == Reason.NOT_REPLICATED) {
                finish(State.ENDED);
            } else {
                boolean uncertain = e.reason() == Reason.TIMEOUT || e.reason() == Reason.UNAVAILABLE;
                state.set(uncertain ? State.END_UNCERTAIN : before);
            }
            throw e;
        } catch (RuntimeException e) {
            state.set(before);
            throw e;
        }
    }

    /** Whether what is stored is one of the ends that were sent from here; another's end looks like one, but for its time. */
    private boolean isOurEnd() {
        return writing.sessions()
                .read(key())
                .map(stored -> ends.contains(stored.progress()))
                .orElse(false);
    }

    /**
     * Ends the session as interrupted, unless it has ended or another writer has taken it over. If an earlier {@link #end} failed,
     * that is tried again instead, with its reason.
     */
    @Override
    public synchronized void close() {
        if (isRunning()) {
            try {
                end(ending == null ? SessionEndReason.INTERRUPTED : ending);
            } catch (StateException e) {
                // Not ours to end any more, as was learned just now; lost() tells.
                if (state.get() != State.LOST) {
                    throw e;
                }
            }
        }
    }

    /** What the next position builds upon. @throws StateException if there is to be none */
    private StrokeProgress last() {
        State now = state.get();
        if (now == State.LOST) {
            throw SessionWrites.lost(key());
        }
        if (now == State.ENDED) {
            throw SessionWrites.ended(key());
        }
        return progress;
    }

    private long store(StrokeProgress next, DocumentWrite<StrokeProgress> write) {
        long before = revision;
        try {
            revision = writing.writer().write(write).revision();
        } catch (StateException e) {
            if (e.reason() == Reason.CONFLICT) {
                loseToOther(e);
            } else if (e.reason() == Reason.NOT_REPLICATED) {
                // It is stored and told; only how safe it is there is not known.
                revision = before + 1;
                progress = next;
            }
            throw e;
        }
        progress = next;
        return revision;
    }

    /** The fence has moved. While the session is being ended that is its own doing. */
    private void loseToOther(StateException why) {
        if (state.compareAndSet(State.RUNNING, State.LOST)) {
            tell(why);
        }
    }

    private void lose(StateException why) {
        state.set(State.LOST);
        tell(why);
    }

    private void tell(StateException why) {
        writing.leases().release(held);
        // Not on the thread that found out, which has other sessions to look after, or holds this one's monitor.
        CompletableFuture<StateException> unused = lost.completeAsync(() -> why);
    }

    private void finish(State last) {
        state.set(last);
        writing.leases().release(held);
    }

    @Override
    public String toString() {
        return "StrokeSession[" + id() + "]";
    }

    private enum State {
        RUNNING,
        /** An end is under way. */
        ENDING,
        /** The answer to an end was lost; it may have been stored. */
        END_UNCERTAIN,
        ENDED,
        /** Another writer owns the session, or has ended it. */
        LOST
    }
}
