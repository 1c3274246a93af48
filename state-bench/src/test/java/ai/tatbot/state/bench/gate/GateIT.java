package ai.tatbot.state.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.bench.BenchRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import redis.clients.jedis.RedisClient;

/** The benchmarks on a real Redis, too shortly to say how fast they are. */
@TestMethodOrder(OrderAnnotation.class) // a run that failed leaves JMH's shared objects behind in the process
class GateIT {
    @Test
    @Order(1)
    void everyFigureIsMeasured() throws Exception {
        Form form = new Form("test", 0, 1, Duration.ofMillis(50));
        StringWriter err = new StringWriter();
        try (BenchRedis redis = BenchRedis.shared()) {
            Progress progress = new Progress(new PrintWriter(err), Rounds.steps(form), false, System::nanoTime);
            Neighbours neighbours = Neighbours.watch();
            List<Figure> figures = new Rounds(new JmhMeasurer(form.slot()), form, progress, () -> 0).run();

            assertThat(figures).hasSize(9).allSatisfy(figure -> {
                assertThat(figure.value()).isPositive();
                assertThat(figure.yardstick()).isPositive();
            });
            String text = new Report(Instant.now(), form, Machine.here(redis), neighbours.cores(), figures).text();
            assertThat(text).contains(redis.version(), System.getProperty("java.runtime.version"));
        }
        assertThat(err.toString()).endsWith("gate: 100 %, 0 s to go\n");
    }

    @Test
    @Order(2)
    void updateThatIsCountedButNotStoredFailsTheRun() throws Exception {
        try (BenchRedis redis = BenchRedis.shared();
                RedisClient bare = redis.bareClient()) {
            AtomicBoolean done = new AtomicBoolean();
            Thread meddler = new Thread(() -> {
                while (!done.get()) {
                    for (String key : bare.keys("stroke:progress:*")) {
                        bare.hincrBy(key, "rev", -1);
                    }
                }
            });
            meddler.start();
            try {
                JmhMeasurer measurer = new JmhMeasurer(Duration.ofMillis(50));
                assertThatThrownBy(() -> measurer.throughput(Workload.ONE_UPDATE.method(false), 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasStackTraceContaining("updates were acknowledged, but its revision went from");
            } finally {
                done.set(true);
                meddler.join();
            }
        }
    }
}
