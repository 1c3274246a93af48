package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeEvent;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotEvent;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.SessionTakeover;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which document an event tells of, and where events of a document are published. */
final class Subjects {
    private static final List<ChannelKind<? extends Event>> OF_SESSIONS =
            List.of(Channels.STROKE_PROGRESS.kind(), Channels.STROKE_SESSION.kind());
    private static final List<ChannelKind<? extends Event>> OF_ROBOTS = List.of(Channels.ROBOT_EVENTS.kind());
    private static final List<ChannelKind<? extends Event>> OF_NODES = List.of(Channels.NODE_EVENTS);

    private Subjects() {}

    /** The key of a document, of which nothing but that is known. */
    @SuppressWarnings("unchecked") // whoever calls knows that its kind is one of document
    static Key<? extends Document> document(Key<?> key) {
        return (Key<? extends Document>) key;
    }

    /** The document that an event tells of; null if it tells of none. */
    static @Nullable Key<? extends Document> of(Event event) {
        if (event instanceof ProgressUpdate progress) {
            return Keys.strokeProgress(progress.sessionId());
        }
        if (event instanceof RobotEvent) {
            return Keys.robotState(String.valueOf(event.nodeId()));
        }
        if (event instanceof NodeEvent) {
            return Keys.nodeHealth(String.valueOf(event.nodeId()));
        }
        String session = session(event);
        return session == null ? null : Keys.strokeProgress(session);
    }

    private static @Nullable String session(Event event) {
        if (event instanceof SessionStart start) {
            return start.sessionId();
        }
        if (event instanceof SessionEnd end) {
            return end.sessionId();
        }
        if (event instanceof SessionPause pause) {
            return pause.sessionId();
        }
        if (event instanceof SessionResume resume) {
            return resume.sessionId();
        }
        return event instanceof SessionTakeover takeover ? takeover.sessionId() : null;
    }

    /** The channels that tell of a kind of document. */
    static List<ChannelKind<? extends Event>> channels(KeyKind<?> kind) {
        String name = kind.name();
        if (name.equals(Keys.STROKE_PROGRESS.name())) {
            return OF_SESSIONS;
        }
        if (name.equals(Keys.ROBOT_STATE.name())) {
            return OF_ROBOTS;
        }
        if (name.equals(Keys.NODE_HEALTH.name())) {
            return OF_NODES;
        }
        throw new IllegalArgumentException(kind + " is told of on no channel");
    }
}
