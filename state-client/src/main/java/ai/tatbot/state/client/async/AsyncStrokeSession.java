package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.SessionLeases.Held;
import ai.tatbot.state.client.internal.SessionWrites;
import ai.tatbot.state.client.internal.StoredSession;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StrokeProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A stroke session that this process runs, without blocking. As {@link ai.tatbot.state.client.StrokeSession}, but every method
 * that writes returns at once, with a stage that completes when Redis has answered; {@link Overflow} says what happens before that
 * if too many calls are under way.
 *
 * <p>Calls are done in the order in which they were made, however many are under way: each position builds on the one before it,
 * which need not be stored yet. If one fails, those that were made meanwhile stand on it all the same; once none is under way, the
 * next one builds on what was stored last.
 *
 * <p>Stages fail with a {@link StateException}, as {@link AsyncStateManager} says; with CONFLICT once the session is being ended,
 * has ended, or another writer has taken it over. What does not fit the schema fails with an {@link
 * ai.tatbot.state.model.InvalidValueException}.
 *
 * <p>Thread-safe.
 */
public final class AsyncStrokeSession {
    private final AsyncSessions sessions;
    private final Admission admission;
    private final SessionWrites writes;
    private final Held held;
    private final CompletableFuture<StateException> lost = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final AtomicInteger underWay = new AtomicInteger();

    /** Written by the thread of the connections, which sees the answers in order. */
    private volatile StrokeProgress stored;

    private volatile long revision;
    private volatile boolean failed;

    /** The last position that was made, sent or waiting to be. Guarded by the monitor, as are the next. */
    private StrokeProgress last;

    private final Afterwards after = new Afterwards(this);

    private @Nullable Position parked;
    /** Why it was to end, if that was tried: closing it later must not turn completed into interrupted. */
    private @Nullable SessionEndReason ending;

    private @Nullable CompletableFuture<@Nullable Void> end;
    /** What was sent to end it: more than one if answers were lost. */
    private final List<StrokeProgress> ends = new ArrayList<>();

    AsyncStrokeSession(AsyncSessions sessions, SessionWrites writes, StrokeProgress first, long revision) {
        this.sessions = sessions;
        this.admission = sessions.admission();
        this.writes = writes;
        this.stored = first;
        this.last = first;
        this.revision = revision;
        this.held = new Held(writes.key(), writes.fence().token(), this::loseToOther);
        sessions.leases().hold(held);
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
        return stored;
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
        State now = now();
        return now == State.RUNNING || now == State.ENDING || now == State.END_UNCERTAIN;
    }

    /**
     * Completes, with the reason, once it is known that another writer has taken the session over, or that someone else has ended
     * it; never otherwise.
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
    public CompletionStage<Long> update(int strokeIdx, int poseIdx) {
        return update(next -> next.strokeIdx(strokeIdx).poseIdx(poseIdx));
    }

    /**
     * Stores and publishes a new position.
     *
     * @param change changes whatever differs from the last position: stroke, pose, descriptions, needle depths. Who runs the
     *     session, and whether it is executing or paused, it cannot change: {@link #pause}, {@link #resume} and {@link #end} do.
     *     Called at once, on the calling thread.
     * @return the new revision
     */
    public CompletionStage<Long> update(UnaryOperator<StrokeProgress.Builder> change) {
        StateException refused = admission.closed();
        if (refused == null && !admission.conflates()) {
            refused = admission.enter("writing " + key());
        }
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<Long> stage = new CompletableFuture<>();
        boolean hasTicket = !admission.conflates();
        synchronized (this) {
            try {
                StrokeProgress next = SessionWrites.moved(base(), change);
                if (hasTicket || (parked == null && admission.tickets().tryTake())) {
                    hasTicket = true;
                    send(new Position(next, stage), writes.position(next));
                } else {
                    park(new Position(next, stage));
                }
            } catch (RuntimeException | Error e) {
                if (hasTicket) {
                    after.add(() -> admission.fail(stage, e));
                } else {
                    after.add(() -> stage.completeExceptionally(e));
                }
            }
        }
        after.run();
        return stage;
    }

    private void park(Position position) {
        Position replaced = parked;
        parked = position;
        last = position.next;
        if (replaced == null) {
            admission.tickets().await(this::granted);
        } else {
            StateException conflated = new StateException(
                    Reason.CONFLATED,
                    "writing " + key() + ": not sent, for a newer one took its place while it waited.");
            after.add(() -> admission.turnAway(replaced.stage, conflated));
        }
    }

    private void granted() {
        synchronized (this) {
            Position position = parked;
            parked = null;
            if (position == null) {
                admission.tickets().release();
            } else {
                sendParked(position);
            }
        }
        after.run();
    }

    /** What waits goes before what must not overtake it, be there a ticket or not. */
    private void sendParked() {
        Position position = parked;
        if (position != null) {
            parked = null;
            admission.tickets().force();
            sendParked(position);
        }
    }

    private void sendParked(Position position) {
        try {
            send(position, writes.position(position.next));
        } catch (RuntimeException | Error e) {
            after.add(() -> admission.fail(position.stage, e));
        }
    }

    private void send(Position position, DocumentWrite<StrokeProgress> write) {
        send(
                position.next,
                write,
                admission.deadline(),
                revision -> admission.complete(position.stage, revision),
                failure -> admission.fail(position.stage, failure));
    }

    private void send(
            StrokeProgress next,
            DocumentWrite<StrokeProgress> write,
            long deadline,
            LongConsumer done,
            Consumer<StateException> refused) {
        AsyncSessions.Outcome outcome = new AsyncSessions.Outcome() {
            @Override
            public void stored(long rev, @Nullable StateException unconfirmed) {
                revision = rev;
                stored = next;
                underWay.decrementAndGet();
                if (unconfirmed == null) {
                    done.accept(rev);
                } else {
                    refused.accept(unconfirmed);
                }
            }

            @Override
            public void failed(StateException failure) {
                failed = true;
                underWay.decrementAndGet();
                if (failure.reason() == Reason.CONFLICT) {
                    loseToOther(failure);
                }
                // The thread of the connections may have ended: then it is the caller's, which holds the monitor.
                after.add(() -> refused.accept(failure));
                after.run();
            }
        };
        underWay.incrementAndGet();
        try {
            sessions.send(key(), write, deadline, outcome);
        } catch (RuntimeException | Error e) {
            underWay.decrementAndGet();
            throw e;
        }
        last = next;
    }

    private State now() {
        return Objects.requireNonNull(state.get());
    }

    /** What the next position builds upon. @throws StateException if there is to be none */
    private StrokeProgress base() {
        switch (now()) {
            case LOST -> throw SessionWrites.lost(key());
            case ENDED -> throw SessionWrites.ended(key());
            case ENDING -> throw SessionWrites.ending(key());
            default -> {
                if (failed && underWay.get() == 0 && parked == null) {
                    failed = false;
                    last = stored;
                }
                return last;
            }
        }
    }

    /** Holds the session: {@code is_paused} becomes true. Does nothing if it is held. */
    public CompletionStage<@Nullable Void> pause() {
        return turn(true);
    }

    /** Goes on with a session that was held. Does nothing if it is not held. */
    public CompletionStage<@Nullable Void> resume() {
        return turn(false);
    }

    private CompletionStage<@Nullable Void> turn(boolean paused) {
        StateException refused = admission.enter("writing " + key());
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        synchronized (this) {
            try {
                StrokeProgress before = isRunning() && state.get() != State.ENDING ? base() : last;
                if (before.isPaused() == paused) {
                    after.add(() -> admission.done(stage));
                } else {
                    StrokeProgress next = SessionWrites.turned(base(), paused);
                    sendParked();
                    send(
                            next,
                            writes.turn(next),
                            admission.deadline(),
                            revision -> admission.done(stage),
                            failure -> admission.fail(stage, failure));
                }
            } catch (RuntimeException | Error e) {
                after.add(() -> admission.fail(stage, e));
            }
        }
        after.run();
        return stage;
    }

    /** Ends the session as completed. Does nothing if it has ended. */
    public CompletionStage<@Nullable Void> end() {
        return end(SessionEndReason.COMPLETED);
    }

    /**
     * Ends the session: {@code is_executing} becomes false, and a {@code session_end} says why. Nothing if it has ended. While an
     * end is under way this is the same stage.
     */
    public CompletionStage<@Nullable Void> end(SessionEndReason reason) {
        StateException refused = admission.enter("writing " + key());
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> running;
        synchronized (this) {
            running = end;
            if (running == null) {
                beginEnd(reason, stage);
            }
        }
        after.run();
        if (running != null) {
            admission.done(stage);
            return running;
        }
        return stage;
    }

    private void beginEnd(SessionEndReason reason, CompletableFuture<@Nullable Void> stage) {
        State before = now();
        if (before == State.ENDED) {
            after.add(() -> admission.done(stage));
            return;
        }
        try {
            StrokeProgress next = SessionWrites.atEnd(base());
            // From here on a fence that moved is most likely our own doing, and no loss.
            if (before == State.RUNNING && !state.compareAndSet(before, State.ENDING)) {
                throw SessionWrites.lost(key());
            }
            state.compareAndSet(State.END_UNCERTAIN, State.ENDING);
            ending = reason;
            ends.add(next);
            end = stage;
            sendParked();
            send(
                    next,
                    writes.end(next, reason),
                    admission.deadline(),
                    revision -> finish(stage, null),
                    failure -> endFailed(stage, before, failure));
        } catch (RuntimeException | Error e) {
            if (end == stage) {
                // Nothing was sent.
                end = null;
                ends.remove(ends.size() - 1);
                state.compareAndSet(State.ENDING, before);
            }
            after.add(() -> admission.fail(stage, e));
        }
    }

    private void endFailed(CompletableFuture<@Nullable Void> stage, State before, StateException failure) {
        switch (failure.reason()) {
            case NOT_REPLICATED -> finish(stage, failure);
            case CONFLICT -> {
                if (before == State.END_UNCERTAIN) {
                    // The attempt whose answer was lost may have arrived: then it is this end that moved the fence.
                    sessions.read(
                            key(),
                            found -> {
                                if (found.map(this::isOurEnd).orElse(false)) {
                                    finish(stage, null);
                                } else {
                                    lose(stage, failure);
                                }
                            },
                            unknown -> lose(stage, failure));
                } else {
                    lose(stage, failure);
                }
            }
            case TIMEOUT, UNAVAILABLE, CLOSED -> goOn(stage, State.END_UNCERTAIN, failure);
            default -> goOn(stage, before, failure);
        }
    }

    private synchronized boolean isOurEnd(StoredSession found) {
        return ends.contains(found.progress());
    }

    private void finish(CompletableFuture<@Nullable Void> stage, @Nullable StateException failure) {
        state.set(State.ENDED);
        sessions.leases().release(held);
        settle(stage, failure);
    }

    private void lose(CompletableFuture<@Nullable Void> stage, StateException failure) {
        state.set(State.LOST);
        tell(failure);
        settle(stage, failure);
    }

    private void goOn(CompletableFuture<@Nullable Void> stage, State now, StateException failure) {
        state.set(now);
        settle(stage, failure);
    }

    private void settle(CompletableFuture<@Nullable Void> stage, @Nullable StateException failure) {
        synchronized (this) {
            end = null;
        }
        if (failure == null) {
            admission.done(stage);
        } else {
            admission.fail(stage, failure);
        }
    }

    /**
     * Ends the session as interrupted, unless it has ended or another writer has taken it over. If an earlier {@link #end} failed,
     * that is tried again instead, with its reason.
     */
    public CompletionStage<@Nullable Void> close() {
        SessionEndReason reason;
        synchronized (this) {
            if (end != null) {
                return end;
            }
            if (!isRunning()) {
                return Admission.nothing();
            }
            reason = ending == null ? SessionEndReason.INTERRUPTED : ending;
        }
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        end(reason).whenComplete((done, failure) -> {
            // Not ours to end any more, as was learned just now; lost() tells.
            if (failure == null || state.get() == State.LOST) {
                Admission.complete(stage);
            } else {
                stage.completeExceptionally(failure);
            }
        });
        return stage;
    }

    /** The fence has moved. While the session is being ended that is its own doing. */
    private void loseToOther(StateException why) {
        if (state.compareAndSet(State.RUNNING, State.LOST)) {
            tell(why);
        }
    }

    private void tell(StateException why) {
        sessions.leases().release(held);
        admission.run(() -> lost.complete(why));
    }

    @Override
    public String toString() {
        return "AsyncStrokeSession[" + id() + "]";
    }

    /** A position, and whoever waits for it. */
    private record Position(StrokeProgress next, CompletableFuture<Long> stage) {}

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
