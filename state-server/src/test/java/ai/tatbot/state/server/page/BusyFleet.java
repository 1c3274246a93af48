package ai.tatbot.state.server.page;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A fleet at work: a robot that tells of its state and its progress many times a second, and nodes that give signs of life. */
final class BusyFleet implements AutoCloseable {
    static final String ROBOT = "hog";
    private static final List<String> OTHERS = List.of("ook", "oop", "eek", "ojo", "rpi1");
    private static final int STROKES = 100;
    private static final int POSES = 108;

    /** A session of fifty strokes is behind it. */
    private static final long BEGIN = 50L * POSES;

    private final StateManager state;
    private final StatePublisher publisher;
    private final PublishedSession session;
    private final String scene;
    private final int rate;
    private final AtomicLong offered = new AtomicLong();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

    /** @param rate updates of each of both a second */
    BusyFleet(RedisServer redis, String scene, int rate) {
        this.rate = rate;
        this.scene = scene;
        StateOptions options = redis.options().nodeId(ROBOT).build();
        this.state = StateManager.connect(options);
        this.publisher = state.publisher();
        this.session = publisher.startStrokeSession(
                Samples.tattoo().sceneName(scene).totalStrokes(STROKES).strokeLength(POSES));
        ScheduledFuture<?> beats = threads.scheduleAtFixedRate(this::beat, 0, 1, TimeUnit.SECONDS);
        ScheduledFuture<?> moves = threads.scheduleAtFixedRate(this::move, 0, 1_000_000 / rate, TimeUnit.MICROSECONDS);
        if (beats.isCancelled() || moves.isCancelled()) {
            throw new IllegalStateException("not started");
        }
    }

    private void beat() {
        double load = 30 + 25 * Math.sin(4.0 * offered.get() / rate / 16);
        try {
            for (int i = -1; i < OTHERS.size(); i++) {
                state.updateNodeHealth(Samples.health(i < 0 ? ROBOT : OTHERS.get(i))
                        .cpuPercent(load + 4 * i)
                        .memoryPercent(35 + 6 * i)
                        .diskPercent(41 + 5 * i)
                        .gpuAvailable(i < 1)
                        .gpuPercent(i < 1 ? load * 0.8 : null)
                        .mcpServerRunning(i < 4)
                        .mcpPort(i < 4 ? 5173 : null)
                        .lastHeartbeat(WireTime.now())
                        .build());
            }
        } catch (StateException e) {
            // Redis is away; the next beat may find it.
        }
    }

    private void move() {
        long n = offered.incrementAndGet();
        // Twenty poses a second, whatever the rate at which they are told.
        double poses = BEGIN + 20.0 * n / rate;
        long pose = (long) poses;
        double along = (poses % POSES) / POSES;
        int stroke = (int) (pose / POSES) % STROKES;
        publisher.offer(RobotState.builder()
                .nodeId(ROBOT)
                .isConnectedL(true)
                .isConnectedR(true)
                .currentPose("executing")
                .jointsL(joints(-1, along, stroke))
                .jointsR(joints(1, along, stroke + 1))
                .build());
        session.offer(StrokeProgress.builder()
                .nodeId(ROBOT)
                .totalStrokes(STROKES)
                .strokeLength(POSES)
                .sceneName(scene)
                .strokeIdx(stroke)
                .poseIdx((int) (pose % POSES))
                .strokeDescriptionL("true_blue: outline " + (stroke + 1))
                .strokeDescriptionR(stroke % 4 == 2 ? "bright_red: ink dip" : "bright_red: fill " + (stroke + 1))
                .offsetIdxL(3)
                .offsetIdxR(4)
                .build());
    }

    private static List<Double> joints(int side, double along, int stroke) {
        double down = Math.pow(Math.sin(Math.PI * along), 2);
        double angle = 2 * Math.PI * (1 + stroke % 3) * along + stroke;
        double x = 0.3 * down * Math.cos(angle);
        double y = 0.24 * down * Math.sin(angle);
        double[] joints = {
            side * (0.44 + x), 1.38 + 0.12 * down + y, 1.19 - 0.6 * y, -1.38 + 0.4 * y, 0.6 * x, 0.9 * y, 0
        };
        return IntStream.range(0, joints.length).mapToObj(i -> joints[i]).toList();
    }

    /** How many states it has offered. */
    long offered() {
        return offered.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        session.end();
        publisher.close();
        state.close();
    }
}
