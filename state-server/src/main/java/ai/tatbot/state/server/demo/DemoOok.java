package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotEvent;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.model.StrokeSessionEvent;
import ai.tatbot.state.server.show.Text;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The viewer of the demo: knows of the robot only what arrives through Redis, over connections of its own. What it knows may be
 * read by any thread.
 */
final class DemoOok {
    static final String NODE = "demo-ook";

    /** A session's condition between its start and its end, unless it is paused. */
    static final String EXECUTING = "executing";

    private final Ledger ledger;
    private final Consumer<String> news;
    private final List<Subscription> subscriptions;

    // Each is set by the thread of one subscription.
    private volatile @Nullable ProgressUpdate progress;
    private volatile @Nullable StateUpdate robot;
    private volatile String condition = "waiting";

    /**
     * Begins to listen; returns once it does.
     *
     * @param news told of each transition, in words
     */
    DemoOok(StateManager state, Ledger ledger, Consumer<String> news) {
        this.ledger = ledger;
        this.news = news;
        this.subscriptions = List.of(
                state.subscribe(Channels.STROKE_SESSION, this::onSession),
                state.subscribe(Channels.STROKE_PROGRESS, this::onProgress),
                state.subscribe(Channels.ROBOT_EVENTS, this::onRobot));
    }

    /** The last position; null before the first. */
    @Nullable
    ProgressUpdate progress() {
        return progress;
    }

    /** The last state of the robot; null before the first. */
    @Nullable
    StateUpdate robot() {
        return robot;
    }

    /** What the session does: waiting, executing, paused, or why it ended. */
    String condition() {
        return condition;
    }

    /** The worst condition of its subscriptions. */
    Subscription.Condition subscription() {
        return subscriptions.stream()
                .map(Subscription::condition)
                .filter(one -> one != Subscription.Condition.LIVE)
                .findFirst()
                .orElse(Subscription.Condition.LIVE);
    }

    private void onProgress(ProgressUpdate event) {
        long arrival = System.nanoTime();
        if (isOurs(event.nodeId())) {
            received(Channels.STROKE_PROGRESS, event.type(), event, arrival);
            progress = event;
        }
    }

    private void onSession(StrokeSessionEvent event) {
        long arrival = System.nanoTime();
        if (!isOurs(event.nodeId())) {
            return;
        }
        received(Channels.STROKE_SESSION, event.type(), event, arrival);
        if (event instanceof SessionStart start) {
            condition = EXECUTING;
            news.accept("session " + start.sessionId() + " started");
        } else if (event instanceof SessionPause pause) {
            condition = "paused";
            news.accept(
                    "session paused at stroke " + (or(pause.strokeIdx()) + 1) + ", pose " + (or(pause.poseIdx()) + 1));
        } else if (event instanceof SessionResume) {
            condition = EXECUTING;
            news.accept("session resumed");
        } else if (event instanceof SessionEnd end) {
            condition = String.valueOf(end.reason());
            news.accept("session " + condition);
        }
    }

    private void onRobot(RobotEvent event) {
        long arrival = System.nanoTime();
        if (!isOurs(event.nodeId())) {
            return;
        }
        if (event instanceof StateUpdate state) {
            received(Channels.ROBOT_EVENTS, event.type(), event, arrival);
            StateUpdate before = robot;
            robot = state;
            if (before == null || !before.currentPose().equals(state.currentPose())) {
                news.accept("robot is " + Text.safe(state.currentPose(), 40));
            }
        } else if (event instanceof ArmConnected arm) {
            received(Channels.ROBOT_EVENTS, DemoHog.armTurn(true, arm.arm().value()), event, arrival);
        } else if (event instanceof ArmDisconnected arm) {
            received(Channels.ROBOT_EVENTS, DemoHog.armTurn(false, arm.arm().value()), event, arrival);
        }
    }

    private void received(Channel<?> channel, String what, Event event, long arrival) {
        Long revision = event.rev();
        if (revision != null) {
            ledger.received(new Ledger.Sent(channel.name(), what, revision), arrival);
        }
    }

    private static boolean isOurs(@Nullable String nodeId) {
        return DemoHog.NODE.equals(nodeId);
    }

    private static int or(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
