package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The robot of the demo: plays sessions and writes down what it offers. It never waits for Redis, nor learns that it is away.
 * Used by one thread.
 */
final class DemoHog {
    static final String NODE = "demo-hog";

    /** The robot's own state changes with every pose; others need not know it more often than this. */
    private static final long ROBOT_STATE_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    private static final double CONNECT_SECONDS = 0.3;
    private static final double MOVE_SECONDS = 1.2;
    private static final double PAUSE_SECONDS = 1.0;

    private final StatePublisher publisher;
    private final DemoPlan plan;
    private final Pace pace;
    private final Ledger ledger;
    private long robotStateNanos;
    private Instant lastTime = Instant.EPOCH;
    private String current = "";
    private @Nullable Boolean wasConnected;

    DemoHog(StatePublisher publisher, DemoPlan plan, Pace pace, Ledger ledger) {
        this.publisher = publisher;
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
        StrokeProgress.Builder first = at(StrokeProgress.builder(), 0, 0)
                .totalStrokes(plan.strokes())
                .strokeLength(plan.poses())
                .sceneName(DemoPlan.SCENE);
        turn(SessionStart.TYPE);
        try (PublishedSession session = publisher.startStrokeSession(first)) {
            current = session.id();
            ledger.session(Keys.strokeProgress(session.id()).name());
            StrokeProgress position = first.nodeId(NODE).build();
            try {
                robot("executing", true, ArmMotion.LEFT.ready(), ArmMotion.RIGHT.ready());
                strokes(session, position);
            } catch (Pace.StoppedException e) {
                end(session, SessionEndReason.INTERRUPTED);
                throw e;
            }
            end(session, SessionEndReason.COMPLETED);
            robot("ready", true, ArmMotion.LEFT.ready(), ArmMotion.RIGHT.ready());
        }
    }

    private void strokes(PublishedSession session, StrokeProgress position) {
        for (int stroke = 0; stroke < plan.strokes(); stroke++) {
            for (int pose = 0; pose < plan.poses(); pose++) {
                pace.await(1);
                step(session, at(position.toBuilder(), stroke, pose).build());
                if (plan.pausesAfter(stroke, pose)) {
                    pause(session);
                }
            }
        }
    }

    private void end(PublishedSession session, SessionEndReason reason) {
        turn(SessionEnd.TYPE);
        session.end(reason);
    }

    private void step(PublishedSession session, StrokeProgress position) {
        ledger.offering(Keys.strokeProgress(session.id()).name(), position.timestamp());
        session.offer(position);
        if (robotStateIsDue()) {
            int stroke = position.strokeIdx();
            double along = (position.poseIdx() + 1.0) / plan.poses();
            robot(
                    "executing",
                    true,
                    plan.dipsLeft(stroke) ? ArmMotion.LEFT.dipping(along) : ArmMotion.LEFT.drawing(stroke, along),
                    plan.dipsRight(stroke) ? ArmMotion.RIGHT.dipping(along) : ArmMotion.RIGHT.drawing(stroke, along));
        }
    }

    private StrokeProgress.Builder at(StrokeProgress.Builder progress, int stroke, int pose) {
        return progress.timestamp(now())
                .strokeIdx(stroke)
                .poseIdx(pose)
                .strokeDescriptionL(plan.descriptionLeft(stroke))
                .strokeDescriptionR(plan.descriptionRight(stroke))
                .offsetIdxL(plan.depth(pose))
                .offsetIdxR(plan.depth(pose));
    }

    private void pause(PublishedSession session) {
        turn(SessionPause.TYPE);
        session.pause();
        pace.await(plan.ticks(PAUSE_SECONDS));
        turn(SessionResume.TYPE);
        session.resume();
    }

    private void turn(String type) {
        ledger.turning(Channels.STROKE_SESSION.name(), type);
    }

    /** Later than every time before it, so that no two positions are taken for one. */
    private Instant now() {
        Instant now = WireTime.now();
        lastTime = now.isAfter(lastTime) ? now : lastTime.plus(1, ChronoUnit.MICROS);
        return lastTime;
    }

    private boolean robotStateIsDue() {
        return System.nanoTime() - robotStateNanos >= ROBOT_STATE_EVERY_NANOS;
    }

    private void robot(String pose, boolean connected, @Nullable List<Double> left, @Nullable List<Double> right) {
        robotStateNanos = System.nanoTime();
        RobotState state = RobotState.builder()
                .timestamp(now())
                .nodeId(NODE)
                .isConnectedL(connected)
                .isConnectedR(connected)
                .currentPose(pose)
                .jointsL(left)
                .jointsR(right)
                .goalTimeSlow(MOVE_SECONDS)
                .goalTimeFast(0.08)
                .build();
        ledger.offering(Keys.robotState(NODE).name(), state.timestamp());
        // What the arms were before this process first wrote is not known here.
        if (wasConnected != null && wasConnected != connected) {
            for (String arm : List.of("l", "r")) {
                ledger.turning(Channels.ROBOT_EVENTS.name(), armTurn(connected, arm));
            }
        }
        publisher.offer(state);
        wasConnected = connected;
    }

    /** How the ledger knows that an arm has connected or disconnected. */
    static String armTurn(boolean connected, String arm) {
        return (connected ? ArmConnected.TYPE : ArmDisconnected.TYPE) + " " + arm;
    }
}
