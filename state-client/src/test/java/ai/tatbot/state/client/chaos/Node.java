package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A writer: sessions, robots, health and errors through one manager. Each method is called by one thread. */
final class Node {
    /** Both nodes write it at the same time. */
    private static final String DUEL = "duel";

    private static final int ROBOTS = 10;
    private static final int LONGEST_SESSION = 60;

    private final StateManager manager;
    private final Ledger ledger;
    private final Shared shared;
    private final Random sessionDice;
    private final Random robotDice;
    private final Map<String, Arms> arms = new HashMap<>();
    private final AtomicLong count = new AtomicLong();
    private @Nullable StrokeSession session;
    private int left;
    private volatile @Nullable String sessionId;

    Node(StateManager manager, Ledger ledger, Shared shared, long seed) {
        this.manager = manager;
        this.ledger = ledger;
        this.shared = shared;
        this.sessionDice = new Random(seed);
        this.robotDice = new Random(seed + 1);
    }

    // ---- sessions

    /** One step of a session. */
    void session() {
        StrokeSession running = session;
        if (running == null) {
            session = start();
            left = 1 + sessionDice.nextInt(LONGEST_SESSION);
        } else if (left-- <= 0) {
            end(running);
        } else if (sessionDice.nextInt(6) == 0) {
            turn(running);
        } else {
            update(running);
        }
    }

    private StrokeSession start() {
        String scene = manager.nodeId() + "-" + count.incrementAndGet();
        ledger.attempt(Identity.start(scene));
        long begin = System.nanoTime();
        StrokeSession started = manager.startStrokeSession(Samples.tattoo().sceneName(scene));
        ledger.told(Identity.start(scene));
        acknowledged(started, begin);
        sessionId = started.id();
        return started;
    }

    private void update(StrokeSession running) {
        int next = (int) count.incrementAndGet();
        long begin = System.nanoTime();
        running.update(next / 100, next % 100);
        acknowledged(running, begin);
    }

    private void turn(StrokeSession running) {
        int stroke = running.progress().strokeIdx();
        int pose = running.progress().poseIdx();
        boolean pause = !running.progress().isPaused();
        String identity =
                pause ? Identity.pause(running.id(), stroke, pose) : Identity.resume(running.id(), stroke, pose);
        ledger.attempt(identity);
        long begin = System.nanoTime();
        if (pause) {
            running.pause();
        } else {
            running.resume();
        }
        ledger.told(identity);
        acknowledged(running, begin);
    }

    private void end(StrokeSession running) {
        ledger.attempt(Identity.end(running.id()));
        long begin = System.nanoTime();
        long before = running.revision();
        try {
            running.end();
        } catch (StateException e) {
            if (!running.isRunning()) {
                session = null;
            }
            throw e;
        }
        session = null;
        ledger.told(Identity.end(running.id()));
        if (running.revision() > before) {
            acknowledged(running, begin);
        }
    }

    private void acknowledged(StrokeSession running, long begin) {
        ledger.acknowledged(Keys.strokeProgress(running.id()), running.revision(), begin);
    }

    /** The session that it started last, for others to meddle with. */
    Optional<String> sessionId() {
        return Optional.ofNullable(sessionId);
    }

    // ---- robots

    /** Writes one of its robots: some often, some seldom; one that both nodes write, or one that an older node writes, too. */
    void robot() {
        int which = robotDice.nextInt(20);
        if (which == 0) {
            Key<RobotState> key = Keys.robotState(DUEL);
            write(Samples.robot(DUEL).isConnectedL(false).isConnectedR(false).build(), key);
        } else if (which == 1) {
            shared.write(key -> {
                long number = ledger.nextNumber();
                long begin = System.nanoTime();
                long revision = manager.updateRobotState(Samples.robot(key.id())
                        .isConnectedL(false)
                        .isConnectedR(false)
                        .currentPose(Shared.pose(number))
                        .build());
                ledger.acknowledged(key, revision, begin);
                ledger.acknowledgedNumber(key, number, begin);
            });
        } else {
            double part = robotDice.nextDouble();
            turnArms(manager.nodeId() + (int) (part * part * part * ROBOTS));
        }
    }

    private void turnArms(String id) {
        Arms before = arms.put(id, Arms.UNKNOWN);
        boolean leftArm = (before == null || robotDice.nextInt(8) == 0) ? robotDice.nextBoolean() : before.left;
        boolean rightArm = (before == null || robotDice.nextInt(8) == 0) ? robotDice.nextBoolean() : before.right;
        Instant now =
                Instant.now().truncatedTo(ChronoUnit.SECONDS).plusNanos(1_000 * (count.incrementAndGet() % 1_000_000));
        RobotState state = Samples.robot(id)
                .isConnectedL(leftArm)
                .isConnectedR(rightArm)
                .timestamp(now)
                .build();
        boolean certain = before != null && before.known;
        if (!certain || before.left != leftArm) {
            ledger.attempt(Identity.arm(id, true, leftArm, now));
        }
        if (!certain || before.right != rightArm) {
            ledger.attempt(Identity.arm(id, false, rightArm, now));
        }
        write(state, Keys.robotState(id));
        if (certain && before.left != leftArm) {
            ledger.told(Identity.arm(id, true, leftArm, now));
        }
        if (certain && before.right != rightArm) {
            ledger.told(Identity.arm(id, false, rightArm, now));
        }
        arms.put(id, new Arms(leftArm, rightArm, true));
    }

    private void write(RobotState state, Key<? extends Document> key) {
        long begin = System.nanoTime();
        ledger.acknowledged(key, manager.updateRobotState(state), begin);
    }

    // ---- the rest

    /** A heartbeat, or an error. */
    void rest() {
        long next = count.incrementAndGet();
        if (next % 3 == 0) {
            error(next);
        } else {
            long begin = System.nanoTime();
            NodeHealth health = Samples.health(manager.nodeId())
                    .cpuPercent((double) (next % 100))
                    .build();
            ledger.mayTell(Identity.online(manager.nodeId(), health.timestamp()));
            long revision = manager.updateNodeHealth(health);
            ledger.acknowledged(Keys.nodeHealth(manager.nodeId()), revision, begin);
        }
    }

    /** Reports an error of its own. */
    void error() {
        error(count.incrementAndGet());
    }

    private void error(long number) {
        String message = manager.nodeId() + " " + number;
        ledger.attempt(Identity.error(message));
        manager.reportError("robot", message, Map.of());
        ledger.told(Identity.error(message));
    }

    /**
     * What was stored last.
     *
     * @param known whether that was acknowledged; if not, an arm's turn may be told or not
     */
    private record Arms(boolean left, boolean right, boolean known) {
        static final Arms UNKNOWN = new Arms(false, false, false);
    }
}
