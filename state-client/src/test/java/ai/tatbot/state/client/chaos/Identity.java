package ai.tatbot.state.client.chaos;

import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import java.time.Instant;

/** What tells one transition from all others, to its writer and to whoever is told of it. */
final class Identity {
    private static final String ONLINE = "online ";
    private static final String ARM = "arm ";

    private Identity() {}

    static String start(String scene) {
        return "start " + scene;
    }

    static String pause(String session, int stroke, int pose) {
        return "pause " + session + " " + stroke + "/" + pose;
    }

    static String resume(String session, int stroke, int pose) {
        return "resume " + session + " " + stroke + "/" + pose;
    }

    static String end(String session) {
        return "end " + session;
    }

    static String arm(String node, boolean left, boolean connected, Instant time) {
        return ARM + node + (left ? " l " : " r ") + (connected ? "on " : "off ") + time;
    }

    static String error(String message) {
        return "error " + message;
    }

    /** A node that comes: told by one of its heartbeats, which one is for Redis to say. */
    static String online(String node, Instant heartbeat) {
        return ONLINE + node + " " + heartbeat;
    }

    static boolean isOnline(String identity) {
        return identity.startsWith(ONLINE);
    }

    /** Whether it belongs to the scope of robot states. */
    static boolean isOfRobot(String identity) {
        return identity.startsWith(ARM);
    }

    static String of(Event event) {
        if (event instanceof SessionStart start) {
            return start(start.sceneName());
        }
        if (event instanceof SessionPause pause) {
            return pause(pause.sessionId(), pause.strokeIdx(), pause.poseIdx());
        }
        if (event instanceof SessionResume resume) {
            return resume(resume.sessionId(), resume.strokeIdx(), resume.poseIdx());
        }
        if (event instanceof SessionEnd end) {
            return end(end.sessionId());
        }
        if (event instanceof ArmConnected arm) {
            return arm(String.valueOf(arm.nodeId()), isLeft(arm.arm()), true, arm.timestamp());
        }
        if (event instanceof ArmDisconnected arm) {
            return arm(String.valueOf(arm.nodeId()), isLeft(arm.arm()), false, arm.timestamp());
        }
        if (event instanceof NodeOnline online) {
            return online(String.valueOf(online.nodeId()), online.timestamp());
        }
        return event instanceof ErrorReport error ? error(error.message()) : "unknown " + event;
    }

    private static boolean isLeft(Enum<?> arm) {
        return arm.name().equals("L");
    }
}
