package ai.tatbot.state.bench;

import ai.tatbot.state.client.HistoryEntry;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import redis.clients.jedis.RedisClient;

/**
 * One atomic stroke-progress update ({@link StrokeSession#update(int, int)}: document, revision, event and history), beside a
 * bare Jedis {@code SET} of the same document's bytes. With several callers each runs a session of its own, and all share one
 * {@link StateManager}, as they share one {@link RedisClient}.
 *
 * <p>Forks: 2. Warm-up: 3 x 2 s. Measurement: 5 x 2 s. Duration: two benchmarks in two modes, about 2 minutes. Redis: a
 * private one on loopback for each fork. The gate runs the same methods in its own process, in turn, with shorter iterations.
 *
 * <pre>ops/bench jmh UpdateBenchmark          # one caller
 * ops/bench jmh UpdateBenchmark -t 8     # eight callers
 * ops/bench jmh UpdateBenchmark -prof gc # what it allocates</pre>
 *
 * <p>Only stored updates count: at the end of each trial the revision in Redis must have risen by exactly the number of updates
 * that were acknowledged, and the history must end with it, or else the benchmark fails.
 */
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class UpdateBenchmark {
    /** Stores and publishes the next position. */
    @Benchmark
    public long update(Caller caller) {
        return caller.update();
    }

    /** Stores the same bytes, and nothing else. */
    @Benchmark
    public String bareSet(Clients clients, Caller caller) {
        return clients.bare.set(caller.bareKey, caller.document);
    }

    /** What all callers share. */
    @State(Scope.Benchmark)
    public static class Clients {
        final AtomicInteger callers = new AtomicInteger();
        final Queue<Problem> problems = new ConcurrentLinkedQueue<>();
        StateManager state;
        RedisClient bare;

        @SuppressWarnings("NullAway.Init") // JMH calls connect() before anything else
        public Clients() {}

        /** Connects both. */
        @Setup
        public void connect() {
            BenchRedis redis = BenchRedis.shared();
            state = StateManager.connect(
                    redis.options().problemListener(problems::add).build());
            bare = redis.bareClient();
        }

        void leave() {
            if (callers.decrementAndGet() == 0) {
                bare.flushDB();
                bare.close();
                state.close();
            }
        }
    }

    /** One caller, with a session of its own. */
    @State(Scope.Thread)
    public static class Caller {
        StrokeSession session;
        byte[] bareKey;
        byte[] document;
        long first;
        long updates;

        @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else
        public Caller() {}

        /** Starts its session. */
        @Setup
        public void start(Clients clients) {
            clients.callers.incrementAndGet();
            session = clients.state.startStrokeSession(Example.session());
            first = session.revision();
            updates = 0;
            bareKey = Example.bytes("bare:" + session.id());
            document = clients.bare.hget(Example.key(session), Example.field());
        }

        long update() {
            int position = (int) (updates % (Example.STROKES * Example.POSES));
            long revision = session.update(position / Example.POSES, position % Example.POSES);
            updates++;
            return revision;
        }

        /**
         * Checks what was stored. Here and not in {@link Clients}, where JMH would let seven callers sleep for a second until the
         * eighth is done.
         */
        @TearDown
        public void check(Clients clients) {
            try {
                String stored =
                        clients.bare.hget(Keys.strokeProgress(session.id()).name(), "rev");
                StoredUpdates.check(session.id(), first, updates, Long.parseLong(stored));
                List<HistoryEntry> end = clients.state.strokeHistory(session.id(), 1);
                if (end.size() != 1 || !Objects.equals(end.get(0).rev(), first + updates)) {
                    throw new IllegalStateException(
                            "session " + session.id() + ": its history ends with " + end + ", not with " + stored);
                }
                if (!clients.problems.isEmpty()) {
                    throw new IllegalStateException(
                            clients.problems.size() + " problems, the first: " + clients.problems.peek());
                }
                session.end();
            } finally {
                clients.leave();
            }
        }
    }
}
