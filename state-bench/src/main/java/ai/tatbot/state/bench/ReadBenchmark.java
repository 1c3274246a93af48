package ai.tatbot.state.bench;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.util.concurrent.TimeUnit;
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
 * One read of a session's progress ({@link StateManager#strokeProgress}: document, revision and time, decoded and checked),
 * beside a bare Jedis {@code HGET} of the same bytes.
 *
 * <p>Forks: 2. Warm-up: 3 x 2 s. Measurement: 5 x 2 s. Duration: two benchmarks in two modes, about 2 minutes. Redis: a
 * private one on loopback for each fork. The gate runs the same methods in its own process, in turn, with shorter iterations.
 *
 * <pre>ops/bench jmh ReadBenchmark</pre>
 */
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReadBenchmark {
    /** Reads and decodes. */
    @Benchmark
    public Versioned<StrokeProgress> read(Stored stored) {
        return stored.state.strokeProgress(stored.session.id()).orElseThrow();
    }

    /** Reads the same bytes, and leaves them as they are. */
    @Benchmark
    public byte[] bareHget(Stored stored) {
        return stored.bare.hget(stored.key, stored.field);
    }

    /** A session in Redis, and two ways to it. */
    @State(Scope.Benchmark)
    public static class Stored {
        StateManager state;
        StrokeSession session;
        RedisClient bare;
        byte[] key;
        byte[] field;

        @SuppressWarnings("NullAway.Init") // JMH calls store() before anything else
        public Stored() {}

        /** Connects both, and stores a session. */
        @Setup
        public void store() {
            BenchRedis redis = BenchRedis.shared();
            bare = redis.bareClient();
            state = StateManager.connect(redis.options().build());
            session = state.startStrokeSession(Example.session());
            session.update(17, 54);
            key = Example.key(session);
            field = Example.field();
        }

        /** Removes it. */
        @TearDown
        public void close() {
            session.end();
            bare.flushDB();
            bare.close();
            state.close();
        }
    }
}
