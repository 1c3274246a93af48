package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.show.ConditionText;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The viewer of the demo: knows of the robot only what it is told through Redis, over connections of its own. It may come late, and
 * Redis may be away for a while. What it knows may be read by any thread.
 */
final class DemoOok implements AutoCloseable {
    static final String NODE = "demo-ook";

    /** A session's condition between its start and its end, unless it is paused. */
    static final String EXECUTING = "executing";

    private static final String PAUSED = "paused";
    private static final String ENDED = "ended";

    private final Ledger ledger;
    private final Outages outages;
    private final Consumer<String> news;
    private final StateMirror mirror;

    // Each is set by the listener's thread.
    private volatile @Nullable StrokeProgress progress;
    private volatile String sessionId = "";
    private volatile String condition = "waiting";
    private volatile boolean wasLive;
    private volatile String pose = "";

    /**
     * Begins to follow; returns at once.
     *
     * @param news told of each transition, and of each turn of the watch's condition, in words
     */
    DemoOok(StateManager state, Ledger ledger, Outages outages, Consumer<String> news) {
        this.ledger = ledger;
        this.outages = outages;
        this.news = news;
        this.mirror = state.mirror();
        mirror.watch().listen(new Listener());
    }

    /** The last position; null before the first. */
    @Nullable
    StrokeProgress progress() {
        return progress;
    }

    /** Id of its session; empty before the first. */
    String sessionId() {
        return sessionId;
    }

    /** The last state of the robot; null before the first. */
    @Nullable
    RobotState robot() {
        return mirror.robotState(DemoHog.NODE).map(Mirrored::value).orElse(null);
    }

    /** What the session does: waiting, executing, paused, or why it ended. */
    String condition() {
        return condition;
    }

    /** How far all this can be relied upon now. */
    WatchStatus status() {
        WatchStatus status = mirror.status();
        outages.status(status, Instant.now());
        return status;
    }

    void awaitLive(Duration longest) throws InterruptedException {
        mirror.awaitLive(longest);
    }

    private static boolean isOurs(@Nullable String nodeId) {
        return DemoHog.NODE.equals(nodeId);
    }

    private static int or(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    @Override
    public void close() {
        mirror.close();
    }

    private final class Listener implements WatchListener {
        @Override
        public void onChange(StateChange<?> change) {
            long arrival = System.nanoTime();
            Versioned<? extends Document> value = change.value();
            if (value == null || !isOurs(value.value().nodeId())) {
                return;
            }
            Document document = value.value();
            if (change.cause() != StateChange.Cause.SNAPSHOT) {
                Long revision = value.rev();
                ledger.told(change.key().name(), document.timestamp(), revision == null ? 0 : revision, arrival);
            }
            if (document instanceof StrokeProgress position) {
                onProgress(change.key().id(), position);
            } else if (document instanceof RobotState robot
                    && !robot.currentPose().equals(pose)) {
                pose = robot.currentPose();
                news.accept("robot is " + Text.safe(pose, 40));
            }
        }

        private void onProgress(String id, StrokeProgress position) {
            boolean same = id.equals(sessionId);
            if (position.isExecuting()) {
                sessionId = id;
                progress = position;
                condition = position.isPaused() ? PAUSED : EXECUTING;
            } else if (same) {
                progress = position;
                if (condition.equals(EXECUTING) || condition.equals(PAUSED)) {
                    // Why, its event says.
                    condition = ENDED;
                }
            }
        }

        @Override
        public void onTransition(StateTransition transition) {
            Event event = transition.event();
            if (!isOurs(event.nodeId())) {
                return;
            }
            ledger.told(transition.channel().name(), what(event), event.eventId());
            if (event instanceof SessionStart start) {
                condition = EXECUTING;
                news.accept("session " + start.sessionId() + " started");
            } else if (event instanceof SessionPause pause) {
                condition = PAUSED;
                news.accept("session paused at stroke " + (or(pause.strokeIdx()) + 1) + ", pose "
                        + (or(pause.poseIdx()) + 1));
            } else if (event instanceof SessionResume) {
                condition = EXECUTING;
                news.accept("session resumed");
            } else if (event instanceof SessionEnd end) {
                condition = String.valueOf(end.reason());
                news.accept("session " + condition);
            }
        }

        private static String what(Event event) {
            if (event instanceof ArmConnected arm) {
                return DemoHog.armTurn(true, arm.arm().value());
            }
            if (event instanceof ArmDisconnected arm) {
                return DemoHog.armTurn(false, arm.arm().value());
            }
            return event.type();
        }

        @Override
        public void onStatus(WatchStatus status) {
            Instant now = Instant.now();
            outages.status(status, now);
            if (status.condition() == WatchStatus.Condition.CLOSED) {
                return;
            }
            // Before it was ever live there is nothing to be stale; and every attempt is not worth a line.
            if (status.isLive()) {
                news.accept("live");
            } else if (wasLive) {
                news.accept(ConditionText.of(status, now));
            }
            wasLive = status.isLive();
        }
    }
}
