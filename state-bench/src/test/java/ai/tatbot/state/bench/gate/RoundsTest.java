package ai.tatbot.state.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order of the measurements, and what is kept of them. */
class RoundsTest {
    private static final Form FORM = new Form("test", 1, 2, Duration.ofMillis(1));

    private final List<String> calls = new ArrayList<>();
    private final Set<Integer> stealDuring = new HashSet<>();
    private double stolen;
    private final StringWriter err = new StringWriter();

    @Test
    void benchmarkAndYardstickTakeTurns() {
        run();
        int round = calls.size() / 3;
        assertThat(calls.subList(round, round + 4))
                .containsExactly("update 1 latency", "bareSet 1 latency", "update 1", "bareSet 1");
        assertThat(calls.subList(2 * round, 2 * round + 4))
                .containsExactly("bareSet 1 latency", "update 1 latency", "bareSet 1", "update 1");
        assertThat(calls).hasSize(Rounds.steps(FORM)).contains("update 8", "bareSet 8", "read 1", "bareHget 1");
    }

    @Test
    void warmUpIsThrownAway() {
        List<Figure> figures = run();
        assertThat(figures).hasSize(9).allSatisfy(figure -> {
            assertThat(figure.values()).hasSize(2).isSorted();
            assertThat(figure.yardsticks()).hasSize(2);
        });
        // Each measurement returns how many there were before it: twelve in the warm-up.
        assertThat(figures.get(0).values()).containsExactly(12.0, 25.0);
        assertThat(figures.get(0).yardsticks()).containsExactly(13.0, 24.0);
    }

    @Test
    void progressIsShownInTenths() {
        run();
        assertThat(err.toString().lines())
                .hasSize(10)
                .startsWith("gate: 11 %, 288 s to go")
                .endsWith("gate: 100 %, 0 s to go");
    }

    @Test
    void disturbedMeasurementsAreMadeAgainBesideTheirYardstick() {
        stealDuring.addAll(List.of(12, 17));
        List<Figure> figures = run();
        int round = Rounds.steps(FORM) / 3;
        assertThat(calls).hasSize(Rounds.steps(FORM) + 4);
        assertThat(calls.subList(round, round + 4))
                .containsExactly("update 1 latency", "bareSet 1 latency", "update 1 latency", "bareSet 1 latency");
        assertThat(figures.get(0).values().get(0)).isEqualTo(14);
        assertThat(figures).allSatisfy(figure -> assertThat(figure.disturbed()).isZero());
    }

    @Test
    void noMoreThanHalfARunIsRepeated() {
        stealDuring.addAll(IntStream.range(0, 1_000).boxed().toList());
        List<Figure> figures = run();
        assertThat(calls).hasSize(Rounds.steps(FORM) * 3 / 2);
        assertThat(figures.get(8).disturbed()).isEqualTo(2);
    }

    private List<Figure> run() {
        Measurer measurer = new Measurer() {
            @Override
            public Latency latency(String method, int callers) {
                double value = call(method, callers + " latency");
                return new Latency(value, value + 1);
            }

            @Override
            public double throughput(String method, int callers) {
                return call(method, String.valueOf(callers));
            }
        };
        // Nine seconds a measurement
        Progress progress =
                new Progress(new PrintWriter(err), Rounds.steps(FORM), false, () -> calls.size() * 9_000_000_000L);
        return new Rounds(measurer, FORM, progress, () -> stolen).run();
    }

    private double call(String method, String how) {
        calls.add(method.substring(method.lastIndexOf('.') + 1) + " " + how);
        if (stealDuring.contains(calls.size() - 1)) {
            stolen += 0.001;
        }
        return calls.size() - 1;
    }
}
