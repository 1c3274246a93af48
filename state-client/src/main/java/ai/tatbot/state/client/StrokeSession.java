package ai.tatbot.state.client;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.StrokeSessionEvent;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
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
 * <p>Every method throws a {@link StateException}: CONFLICT once the session has ended or another writer has taken it over,
 * and as {@link StateManager} says otherwise. Thread-safe; calls are done one after another.
 */
public final class StrokeSession implements AutoCloseable {
    private final DocumentWriter writer;
    private final Key<StrokeProgress> key;
    private final Duration lease;
    private final long token;
    private StrokeProgress progress;
    private long revision;
    private State state = State.RUNNING;
    /** Why it was to end, if that was tried: closing it later must not turn completed into interrupted. */
    private @Nullable SessionEndReason ending;

    private StrokeSession(DocumentWriter writer, Key<StrokeProgress> key, Duration lease, StrokeProgress progress) {
        this.writer = writer;
        this.key = key;
        this.lease = lease;
        this.token = 1;
        this.progress = progress;
    }

    static StrokeSession start(DocumentWriter writer, String sessionId, Duration lease, StrokeProgress progress) {
        StrokeSession session = new StrokeSession(writer, Keys.strokeProgress(sessionId), lease, progress);
        SessionStart start = SessionStart.builder()
                .sessionId(sessionId)
                .nodeId(progress.nodeId())
                .totalStrokes(progress.totalStrokes())
                .sceneName(progress.sceneName())
                .timestamp(progress.timestamp())
                .build();
        session.revision = writer.write(new DocumentWrite<>(session.key, progress)
                        .onlyIfNew()
                        .fence(new Fence(session.token, lease))
                        .event(Channels.STROKE_SESSION, start)
                        .history(progress))
                .revision();
        return session;
    }

    /** Its id, by which every node finds it. */
    public String id() {
        return key.id();
    }

    /** The position that was stored last. */
    public synchronized StrokeProgress progress() {
        return progress;
    }

    /** Revision of the position that was stored last. */
    public synchronized long revision() {
        return revision;
    }

    /** Whether it is neither ended nor taken over. */
    public synchronized boolean isRunning() {
        return state == State.RUNNING || state == State.END_UNCERTAIN;
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
        StrokeProgress next = next(builder -> change.apply(builder)
                .nodeId(progress.nodeId())
                .isExecuting(true)
                .isPaused(progress.isPaused()));
        ProgressUpdate event =
                ProgressUpdate.builder().from(next).sessionId(id()).build();
        DocumentWrite<StrokeProgress> write = write(next, lease).event(Channels.STROKE_PROGRESS, event);
        return store(next, write);
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
        StrokeProgress next = next(builder -> builder.isPaused(paused));
        StrokeSessionEvent event = paused
                ? SessionPause.builder()
                        .sessionId(id())
                        .nodeId(next.nodeId())
                        .strokeIdx(next.strokeIdx())
                        .poseIdx(next.poseIdx())
                        .timestamp(next.timestamp())
                        .build()
                : SessionResume.builder()
                        .sessionId(id())
                        .nodeId(next.nodeId())
                        .strokeIdx(next.strokeIdx())
                        .poseIdx(next.poseIdx())
                        .timestamp(next.timestamp())
                        .build();
        store(next, write(next, lease).event(Channels.STROKE_SESSION, event));
    }

    /** Ends the session as completed. Does nothing if it has ended. */
    public void end() {
        end(SessionEndReason.COMPLETED);
    }

    /** Ends the session: {@code is_executing} becomes false, and a {@code session_end} says why. Nothing if it has ended. */
    public synchronized void end(SessionEndReason reason) {
        if (state == State.ENDED) {
            return;
        }
        ending = reason;
        StrokeProgress next = next(builder -> builder.isExecuting(false).isPaused(false));
        SessionEnd event = SessionEnd.builder()
                .sessionId(id())
                .nodeId(next.nodeId())
                .reason(reason)
                .strokeIdx(next.strokeIdx())
                .poseIdx(next.poseIdx())
                .timestamp(next.timestamp())
                .build();
        boolean mayHaveEnded = state == State.END_UNCERTAIN;
        try {
            store(next, write(next, Duration.ZERO).event(Channels.STROKE_SESSION, event));
            state = State.ENDED;
        } catch (StateException e) {
            if (e.reason() == Reason.CONFLICT && mayHaveEnded) {
                // The attempt whose answer was lost had arrived: it is this end that moved the fence.
                state = State.ENDED;
                return;
            }
            if (e.reason() == Reason.TIMEOUT || e.reason() == Reason.UNAVAILABLE) {
                state = State.END_UNCERTAIN;
            }
            throw e;
        }
    }

    /**
     * Ends the session as interrupted, unless it has ended or another writer has taken it over. If an earlier {@link #end} failed,
     * that is tried again instead, with its reason.
     */
    @Override
    public synchronized void close() {
        if (isRunning()) {
            end(ending == null ? SessionEndReason.INTERRUPTED : ending);
        }
    }

    private StrokeProgress next(UnaryOperator<StrokeProgress.Builder> change) {
        if (state == State.ENDED || state == State.LOST) {
            throw new StateException(
                    Reason.CONFLICT,
                    "session " + id()
                            + (state == State.ENDED ? " has ended" : " was taken over or ended by someone else")
                            + "; start a new one with startStrokeSession");
        }
        return change.apply(progress.toBuilder().timestamp(WireTime.now())).build();
    }

    private DocumentWrite<StrokeProgress> write(StrokeProgress next, Duration leaseFromNow) {
        return new DocumentWrite<>(key, next)
                .fence(new Fence(token, leaseFromNow))
                .history(next);
    }

    private long store(StrokeProgress next, DocumentWrite<StrokeProgress> write) {
        try {
            revision = writer.write(write).revision();
        } catch (StateException e) {
            if (e.reason() == Reason.CONFLICT && state == State.RUNNING) {
                state = State.LOST;
            }
            throw e;
        }
        progress = next;
        return revision;
    }

    @Override
    public String toString() {
        return "StrokeSession[" + id() + "]";
    }

    private enum State {
        RUNNING,
        /** The answer to an end was lost; it may have been stored. */
        END_UNCERTAIN,
        ENDED,
        /** Another writer owns the session, or has ended it. */
        LOST
    }
}
