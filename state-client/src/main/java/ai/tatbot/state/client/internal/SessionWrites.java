package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionTakeover;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.StrokeSessionEvent;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The writes of one writer of a session, each with its event; and the positions from one to the next. Immutable.
 *
 * @param key where the session is stored
 * @param fence number of this writer, and how long it is presumed alive after each write
 */
public record SessionWrites(Key<StrokeProgress> key, Fence fence) {
    /** Those of the writer with this number. */
    public SessionWrites(Key<StrokeProgress> key, long token, Duration lease) {
        this(key, new Fence(token, lease));
    }

    /** The first one, of a new session. */
    public DocumentWrite<StrokeProgress> start(StrokeProgress first) {
        return write(first, fence).onlyIfNew().event(Channels.STROKE_SESSION, SessionEvents.start(key.id(), first));
    }

    /** The session to take over. @throws StateException if there is none, or it has ended */
    public static StoredSession takeable(Key<StrokeProgress> key, Optional<StoredSession> stored) {
        StoredSession found = stored.orElseThrow(() -> new StateException(
                Reason.NOT_FOUND, "there is no session " + key.id() + " to take over; start a new one"));
        if (!found.progress().isExecuting()) {
            throw new StateException(
                    Reason.CONFLICT, "session " + key.id() + " has ended and cannot be taken over; start a new one");
        }
        return found;
    }

    /** The position from which another node goes on. */
    public static StrokeProgress takenOver(StoredSession found, String nodeId) {
        return found.progress().toBuilder()
                .nodeId(nodeId)
                .timestamp(WireTime.now())
                .build();
    }

    /** The first one of a new writer; refused if what was found has changed. */
    public DocumentWrite<StrokeProgress> takeover(StoredSession found, StrokeProgress next) {
        SessionTakeover takeover = SessionTakeover.builder()
                .sessionId(key.id())
                .nodeId(next.nodeId())
                .fence(fence.token())
                .previousNodeId(found.progress().nodeId())
                .timestamp(next.timestamp())
                .build();
        return write(next, fence)
                .onlyIfUnchanged(found.revision(), found.document())
                .event(Channels.STROKE_SESSION, takeover);
    }

    /** The position after this one; who runs the session, and whether it executes or is paused, stays as it is. */
    public static StrokeProgress moved(StrokeProgress last, UnaryOperator<StrokeProgress.Builder> change) {
        return change.apply(last.toBuilder().timestamp(WireTime.now()))
                .nodeId(last.nodeId())
                .isExecuting(true)
                .isPaused(last.isPaused())
                .build();
    }

    /** A position. */
    public DocumentWrite<StrokeProgress> position(StrokeProgress next) {
        return write(next, fence)
                .event(
                        Channels.STROKE_PROGRESS,
                        ProgressUpdate.builder().from(next).sessionId(key.id()).build());
    }

    /** The same position, held or no longer so. */
    public static StrokeProgress turned(StrokeProgress last, boolean paused) {
        return last.toBuilder().timestamp(WireTime.now()).isPaused(paused).build();
    }

    /** A pause, or its end. */
    public DocumentWrite<StrokeProgress> turn(StrokeProgress next) {
        StrokeSessionEvent event =
                next.isPaused() ? SessionEvents.pause(key.id(), next) : SessionEvents.resume(key.id(), next);
        return write(next, fence).event(Channels.STROKE_SESSION, event);
    }

    /** The same position, at which the session ends. */
    public static StrokeProgress atEnd(StrokeProgress last) {
        return last.toBuilder()
                .timestamp(WireTime.now())
                .isExecuting(false)
                .isPaused(false)
                .build();
    }

    /** The end. */
    public DocumentWrite<StrokeProgress> end(StrokeProgress next, SessionEndReason reason) {
        return write(next, new Fence(fence.token(), Duration.ZERO))
                .event(Channels.STROKE_SESSION, SessionEvents.end(key.id(), next, reason));
    }

    private DocumentWrite<StrokeProgress> write(StrokeProgress next, Fence now) {
        return new DocumentWrite<>(key, next).fence(now).history(next);
    }

    /** Another writer owns it, or has ended it. */
    public static StateException lost(Key<StrokeProgress> key) {
        return new StateException(
                Reason.CONFLICT,
                "session " + key.id()
                        + " was taken over or ended by someone else; start a new one with startStrokeSession");
    }

    /** It has ended. */
    public static StateException ended(Key<StrokeProgress> key) {
        return new StateException(
                Reason.CONFLICT, "session " + key.id() + " has ended; start a new one with startStrokeSession");
    }

    /** Its end is under way. */
    public static StateException ending(Key<StrokeProgress> key) {
        return new StateException(
                Reason.CONFLICT, "session " + key.id() + " is being ended; start a new one with startStrokeSession");
    }
}
