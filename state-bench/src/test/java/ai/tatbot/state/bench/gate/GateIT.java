package ai.tatbot.state.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.bench.PrivateRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every benchmark once, on a real Redis, too shortly to say how fast it is. */
class GateIT {
    @Test
    void everyFigureIsMeasured() throws Exception {
        Form form = new Form("test", 0, 1, Duration.ofMillis(50));
        StringWriter err = new StringWriter();
        try (PrivateRedis redis = PrivateRedis.shared()) {
            Progress progress = new Progress(new PrintWriter(err), Rounds.steps(form), false, System::nanoTime);
            Neighbours neighbours = Neighbours.watch(redis);
            List<Figure> figures = new Rounds(new JmhMeasurer(form.slot()), form, progress).run();

            assertThat(figures).hasSize(9).allSatisfy(figure -> {
                assertThat(figure.value()).isPositive();
                assertThat(figure.yardstick()).isPositive();
            });
            String text = new Report(Instant.now(), form, Machine.here(redis), neighbours.cores(), figures).text();
            assertThat(text).contains(redis.version(), System.getProperty("java.runtime.version"));
        }
        assertThat(err.toString()).endsWith("gate: 100 %, 0 s to go\n");
    }
}
