package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmConnectedArm;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.ArmDisconnectedArm;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores robot states, tells when an arm connects or disconnects, and keeps a state as long as its node lives.
 *
 * <p>An arm connecting is a transition, so what was stored before must be known: the first write of a process reads it, later
 * ones know it.
 */
public final class RobotWriter {
    /** Often enough that a state of 24 hours survives many failures. */
    private static final Duration RENEW_EVERY = Duration.ofHours(1);

    private final RedisConnections redis;
    private final DocumentReader reader;
    private final DocumentWriter writer;
    private final LongSupplier nanoTime;
    private final Map<Key<RobotState>, Robot> robots = new ConcurrentHashMap<>();

    public RobotWriter(RedisConnections redis, DocumentReader reader, DocumentWriter writer, LongSupplier nanoTime) {
        this.redis = redis;
        this.reader = reader;
        this.writer = writer;
        this.nanoTime = nanoTime;
    }

    /** Stores and publishes; returns the new revision. Writes of one robot are done one after another. */
    public long write(RobotState state) {
        Key<RobotState> key = Keys.robotState(state.nodeId());
        Robot robot = robots.computeIfAbsent(key, ignored -> new Robot());
        synchronized (robot) {
            Arms old = robot.arms == null ? stored(key) : robot.arms;
            Arms now = Arms.of(state);
            DocumentWrite<RobotState> write = write(key, old.left, old.right, state);
            // Unless the write succeeds it is not known what is stored, and the next one reads it again.
            robot.arms = null;
            long revision = writer.write(write).revision();
            robot.arms = now;
            robot.renewed = nanoTime.getAsLong();
            return revision;
        }
    }

    /** The write of a state, with the events that tell it, and those of an arm that has turned since. */
    public static DocumentWrite<RobotState> write(
            Key<RobotState> key, boolean wasLeft, boolean wasRight, RobotState state) {
        DocumentWrite<RobotState> write = new DocumentWrite<>(key, state)
                .event(Channels.ROBOT_EVENTS, StateUpdate.builder().from(state).build());
        if (wasLeft != state.isConnectedL()) {
            turn(write, state, state.isConnectedL(), true);
        }
        if (wasRight != state.isConnectedR()) {
            turn(write, state, state.isConnectedR(), false);
        }
        return write;
    }

    /**
     * To be called with each heartbeat: a robot that stands still is not written, but its state must not run out while its node
     * lives. Renews what this process has written, now and then; a failure is reported, for the heartbeat itself was sent.
     */
    public void keepAlive(String nodeId) {
        redis.perform(keepingAlive(nodeId));
    }

    /** As {@link #keepAlive}; comes to whether it was renewed. */
    public Step<Boolean> keepingAlive(String nodeId) {
        Key<RobotState> key = Keys.robotState(nodeId);
        Robot robot = robots.get(key);
        long now = nanoTime.getAsLong();
        if (robot == null || robot.arms == null || now - robot.renewed < RENEW_EVERY.toNanos()) {
            return Step.done(false);
        }
        Step<Boolean> renewing = writer.renewing(key).map(renewed -> {
            robot.renewed = now;
            return true;
        });
        return renewing.recover(e -> {
            redis.report(new Problem(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    key.name(),
                    "its time to live was not renewed: " + e.getMessage(),
                    e));
            return Step.done(false);
        });
    }

    /** Another one has written the state of a robot, for which this one is to {@link #keepAlive} from now on. */
    public void wrote(Key<RobotState> key, Arms arms) {
        Robot robot = robots.computeIfAbsent(key, ignored -> new Robot());
        robot.arms = arms;
        robot.renewed = nanoTime.getAsLong();
    }

    private Arms stored(Key<RobotState> key) {
        return redis.perform(readingArms(reader, key));
    }

    /** Which arms are connected by what is stored. */
    public static Step<Arms> readingArms(DocumentReader reader, Key<RobotState> key) {
        Step<Arms> reading = reader.reading(key)
                .map(found -> found.map(Versioned::value).map(Arms::of).orElse(Arms.NONE));
        return reading.recover(e -> {
            if (e.reason() == Reason.INVALID || e.reason() == Reason.DENIED) {
                // Nothing to compare with; the write itself says what is wrong, or mends it.
                return Step.done(Arms.NONE);
            }
            throw e;
        });
    }

    private static void turn(DocumentWrite<RobotState> write, RobotState state, boolean connected, boolean left) {
        if (connected) {
            write.event(
                    Channels.ROBOT_EVENTS,
                    ArmConnected.builder()
                            .nodeId(state.nodeId())
                            .arm(left ? ArmConnectedArm.L : ArmConnectedArm.R)
                            .timestamp(state.timestamp())
                            .build());
        } else {
            write.event(
                    Channels.ROBOT_EVENTS,
                    ArmDisconnected.builder()
                            .nodeId(state.nodeId())
                            .arm(left ? ArmDisconnectedArm.L : ArmDisconnectedArm.R)
                            .timestamp(state.timestamp())
                            .build());
        }
    }

    /** What this process knows of a robot that it writes. */
    private static final class Robot {
        private volatile @Nullable Arms arms;
        private volatile long renewed;
    }

    /** Which arms are connected. */
    public record Arms(boolean left, boolean right) {
        static final Arms NONE = new Arms(false, false);

        /** As a state says. */
        public static Arms of(RobotState state) {
            return new Arms(state.isConnectedL(), state.isConnectedR());
        }
    }
}
