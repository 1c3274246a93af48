package ai.tatbot.state.bench;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One read of a robot's state from a {@link StateMirror}: the state, a field of it, and whether it is live. Alone, and while ten
 * thousand updates a second arrive from another process.
 *
 * <p>JMH's own figure of bytes counts all threads, that which receives the updates too; how many bytes the reading thread itself
 * has allocated is printed after each iteration, with the rate at which updates did arrive.
 *
 * <p>Forks: 2. Warm-up: 3 x 2 s. Measurement: 5 x 2 s. Duration: some 80 seconds. Redis: a private one on loopback for each fork.
 *
 * <pre>ops/bench mirror</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MirrorBenchmark {
    /** Reads the state, a field, and whether it is live. */
    @Benchmark
    public double read(Fleet fleet, Reader reader) {
        Mirrored<RobotState> robot = fleet.mirror.robotState("hog").orElseThrow();
        return robot.isCurrent() ? robot.value().goalTimeSlow() : -1;
    }

    /** The read alone: what asking for the age adds is the price of the clock. */
    @Benchmark
    public double readAlone(Fleet fleet, Reader reader) {
        return fleet.mirror.robotState("hog").orElseThrow().value().goalTimeSlow();
    }

    /** The same, but whether the mirror as a whole is live. */
    @Benchmark
    public double readAndAskTheMirror(Fleet fleet, Reader reader) {
        double field = fleet.mirror.robotState("hog").orElseThrow().value().goalTimeSlow();
        return fleet.mirror.isLive() ? field : -1;
    }

    /** A mirror of some robots, and another process that moves them. */
    @State(Scope.Benchmark)
    public static class Fleet {
        private static final int LOAD_WITHIN_SECONDS = 30;

        /** How many updates a second to send. */
        @Param({"0", "10000"})
        int updates;

        StateMirror mirror;
        private StateManager state;
        private @Nullable MirrorLoad load;
        private long revisions;
        private long sinceNanos;

        @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
        public Fleet() {}

        /** Stores the robots, mirrors them, and starts the load. */
        @Setup
        public void open() throws IOException, InterruptedException {
            state = StateManager.connect(BenchRedis.shared().options().build());
            for (int i = 0; i < MirrorLoad.ROBOTS; i++) {
                state.updateRobotState(MirrorLoad.robot(i, 0));
            }
            mirror = state.mirror();
            if (!mirror.awaitLive(Duration.ofSeconds(5))) {
                throw new IllegalStateException("the mirror is not live: " + mirror.status());
            }
            if (updates > 0) {
                load = MirrorLoad.start(state.options(), updates);
                awaitLoad();
            }
        }

        /** Until the load has come up to its rate; not for ever, for a busy machine may never get there. */
        private void awaitLoad() throws InterruptedException {
            for (int second = 0; second < LOAD_WITHIN_SECONDS; second++) {
                long before = revisions();
                TimeUnit.SECONDS.sleep(1);
                if (revisions() - before > 0.9 * updates) {
                    return;
                }
            }
        }

        /** Begins to count what arrives. */
        @Setup(Level.Iteration)
        public void begin() {
            revisions = revisions();
            sinceNanos = System.nanoTime();
        }

        /** Says how much has arrived. */
        @TearDown(Level.Iteration)
        public void end() {
            double seconds = (System.nanoTime() - sinceNanos) / 1e9;
            System.out.print(String.format(
                    Locale.ROOT,
                    "[%,.0f updates/s arrived, %s] ",
                    (revisions() - revisions) / seconds,
                    mirror.isLive() ? "live" : "STALE"));
        }

        private long revisions() {
            return mirror.all(Keys.ROBOT_STATE).stream()
                    .mapToLong(Mirrored::revision)
                    .sum();
        }

        /** Ends the load and the mirror. */
        @TearDown
        public void close() {
            if (load != null) {
                load.close();
            }
            state.close();
        }
    }

    /** What the reading thread allocates. */
    @State(Scope.Thread)
    public static class Reader {
        private static final com.sun.management.ThreadMXBean THREADS =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        private long before;

        /** Begins to count. */
        @Setup(Level.Iteration)
        public void begin() {
            before = THREADS.getCurrentThreadAllocatedBytes();
        }

        /** Says how much it was; JMH itself allocates a little for each iteration. */
        @TearDown(Level.Iteration)
        public void end() {
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            System.out.print(String.format(Locale.ROOT, "[reader: %,d B in all] ", bytes));
        }
    }
}
