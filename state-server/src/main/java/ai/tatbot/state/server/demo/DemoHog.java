package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.demo.Ledger.Sent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The robot of the demo: plays sessions and writes down what it has sent. Used by one thread. */
final class DemoHog {
    static final String NODE = "demo-hog";

    /** The robot's own state changes with every pose; others need not know it more often than this. */
    private static final long ROBOT_STATE_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    private static final double CONNECT_SECONDS = 0.3;
    private static final double MOVE_SECONDS = 1.2;
    private static final double PAUSE_SECONDS = 1.0;

    private final StateManager state;
    private final DemoPlan plan;
    private final Pace pace;
    private final Ledger ledger;
    private long robotStateNanos;
    private String current = "";
    private @Nullable Boolean wasConnected;

    DemoHog(StateManager state, DemoPlan plan, Pace pace, Ledger ledger) {
        this.state = state;
        this.plan = plan;
        this.pace = pace;
        this.ledger = ledger;
    }

    /**
     * Plays one session, from connecting the arms to disconnecting them.
     *
     * @throws Pace.StoppedException if it was stopped; the session has then ended as interrupted
     */
    void play() {
        pace.restart();
        try {
            wakeUp();
            draw();
            lieDown();
        } catch (Pace.StoppedException e) {
            // Nobody shall take the robot for one that still moves.
            robot("sleep", false, null, null);
            throw e;
        }
    }

    /** Id of the session that was begun last; empty before the first. */
    String currentSession() {
        return current;
    }

    private void wakeUp() {
        robot("connecting", false, null, null);
        pace.await(plan.ticks(CONNECT_SECONDS));
        robot("connecting", true, ArmMotion.LEFT.sleep(), ArmMotion.RIGHT.sleep());
        move("connecting", true);
        robot("ready", true, ArmMotion.LEFT.ready(), ArmMotion.RIGHT.ready());
    }

    private void lieDown() {
        pace.await(plan.ticks(CONNECT_SECONDS));
        move("ready", false);
        robot("sleep", true, ArmMotion.LEFT.sleep(), ArmMotion.RIGHT.sleep());
        robot("sleep", false, null, null);
    }

    private void move(String pose, boolean up) {
        int ticks = plan.ticks(MOVE_SECONDS);
        for (int tick = 1; tick < ticks; tick++) {
            pace.await(1);
            double risen = (double) tick / ticks;
            double way = up ? risen : 1 - risen;
            if (robotStateIsDue()) {
                robot(pose, true, ArmMotion.LEFT.rising(way), ArmMotion.RIGHT.rising(way));
            }
        }
    }

    private void draw() {
        long start = System.nanoTime();
        StrokeProgress.Builder first = at(StrokeProgress.builder(), 0, 0)
                .totalStrokes(plan.strokes())
                .strokeLength(plan.poses())
                .sceneName(DemoPlan.SCENE);
        try (StrokeSession session = state.startStrokeSession(first)) {
            current = session.id();
            turn(SessionStart.TYPE, session, start);
            try {
                robot("executing", true, ArmMotion.LEFT.ready(), ArmMotion.RIGHT.ready());
                strokes(session);
            } catch (Pace.StoppedException e) {
                end(session, SessionEndReason.INTERRUPTED);
                throw e;
            }
            end(session, SessionEndReason.COMPLETED);
            robot("ready", true, ArmMotion.LEFT.ready(), ArmMotion.RIGHT.ready());
        }
    }

    private void strokes(StrokeSession session) {
        for (int stroke = 0; stroke < plan.strokes(); stroke++) {
            for (int pose = 0; pose < plan.poses(); pose++) {
                pace.await(1);
                step(session, stroke, pose);
                if (plan.pausesAfter(stroke, pose)) {
                    pause(session);
                }
            }
        }
    }

    private void end(StrokeSession session, SessionEndReason reason) {
        long start = System.nanoTime();
        session.end(reason);
        turn(SessionEnd.TYPE, session, start);
    }

    private void step(StrokeSession session, int stroke, int pose) {
        long start = System.nanoTime();
        long revision = session.update(next -> at(next, stroke, pose));
        ledger.written(new Sent(Channels.STROKE_PROGRESS.name(), ProgressUpdate.TYPE, revision), start);
        if (robotStateIsDue()) {
            double along = (pose + 1.0) / plan.poses();
            robot(
                    "executing",
                    true,
                    plan.dipsLeft(stroke) ? ArmMotion.LEFT.dipping(along) : ArmMotion.LEFT.drawing(stroke, along),
                    plan.dipsRight(stroke) ? ArmMotion.RIGHT.dipping(along) : ArmMotion.RIGHT.drawing(stroke, along));
        }
    }

    private StrokeProgress.Builder at(StrokeProgress.Builder progress, int stroke, int pose) {
        return progress.timestamp(WireTime.now())
                .strokeIdx(stroke)
                .poseIdx(pose)
                .strokeDescriptionL(plan.descriptionLeft(stroke))
                .strokeDescriptionR(plan.descriptionRight(stroke))
                .offsetIdxL(plan.depth(pose))
                .offsetIdxR(plan.depth(pose));
    }

    private void pause(StrokeSession session) {
        long start = System.nanoTime();
        session.pause();
        turn(SessionPause.TYPE, session, start);
        pace.await(plan.ticks(PAUSE_SECONDS));
        start = System.nanoTime();
        session.resume();
        turn(SessionResume.TYPE, session, start);
    }

    private void turn(String type, StrokeSession session, long start) {
        ledger.written(new Sent(Channels.STROKE_SESSION.name(), type, session.revision()), start);
    }

    private boolean robotStateIsDue() {
        return System.nanoTime() - robotStateNanos >= ROBOT_STATE_EVERY_NANOS;
    }

    private void robot(String pose, boolean connected, @Nullable List<Double> left, @Nullable List<Double> right) {
        long start = System.nanoTime();
        robotStateNanos = start;
        long revision = state.updateRobotState(RobotState.builder()
                .timestamp(WireTime.now())
                .nodeId(state.nodeId())
                .isConnectedL(connected)
                .isConnectedR(connected)
                .currentPose(pose)
                .jointsL(left)
                .jointsR(right)
                .goalTimeSlow(MOVE_SECONDS)
                .goalTimeFast(0.08)
                .build());
        String channel = Channels.ROBOT_EVENTS.name();
        ledger.written(new Sent(channel, StateUpdate.TYPE, revision), start);
        // What the arms were before this process first wrote is not known here.
        if (wasConnected != null && wasConnected != connected) {
            for (String arm : List.of("l", "r")) {
                ledger.written(new Sent(channel, armTurn(connected, arm), revision), start);
            }
        }
        wasConnected = connected;
    }

    /** How the ledger knows that an arm has connected or disconnected. */
    static String armTurn(boolean connected, String arm) {
        return (connected ? ArmConnected.TYPE : ArmDisconnected.TYPE) + " " + arm;
    }
}
