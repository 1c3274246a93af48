package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import org.jspecify.annotations.Nullable;

/** The events that tell of a session's turns, each made of the document that is stored in the same step. */
public final class SessionEvents {
    private SessionEvents() {}

    /** It has begun. */
    public static SessionStart start(String sessionId, StrokeProgress stored) {
        return SessionStart.builder()
                .sessionId(sessionId)
                .nodeId(stored.nodeId())
                .totalStrokes(stored.totalStrokes())
                .sceneName(stored.sceneName())
                .timestamp(stored.timestamp())
                .build();
    }

    /** It is held. */
    public static SessionPause pause(String sessionId, StrokeProgress stored) {
        return SessionPause.builder()
                .sessionId(sessionId)
                .nodeId(stored.nodeId())
                .strokeIdx(stored.strokeIdx())
                .poseIdx(stored.poseIdx())
                .timestamp(stored.timestamp())
                .build();
    }

    /** It goes on. */
    public static SessionResume resume(String sessionId, StrokeProgress stored) {
        return SessionResume.builder()
                .sessionId(sessionId)
                .nodeId(stored.nodeId())
                .strokeIdx(stored.strokeIdx())
                .poseIdx(stored.poseIdx())
                .timestamp(stored.timestamp())
                .build();
    }

    /** It has ended. */
    public static SessionEnd end(String sessionId, StrokeProgress stored, @Nullable SessionEndReason reason) {
        return SessionEnd.builder()
                .sessionId(sessionId)
                .nodeId(stored.nodeId())
                .reason(reason)
                .strokeIdx(stored.strokeIdx())
                .poseIdx(stored.poseIdx())
                .timestamp(stored.timestamp())
                .build();
    }
}
