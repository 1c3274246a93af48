package ai.tatbot.state.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.bench.gate.Verdict.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the gate says and returns, given what was measured. */
class GateTest {
    private static final Target LATENCY = new Target(1_000, 500);
    private static final Target THROUGHPUT = new Target(10_000, 20_000);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void metTargetsPass() {
        assertThat(tell(latency(999.9, 499.9), throughput(10_001, 20_001))).isZero();
        assertThat(out.toString()).contains("Passed: 2 met, 0 missed, 0 not judged.");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void missedLatencyFailsAndSaysByHowMuch() {
        assertThat(tell(latency(1_250, 200), throughput(30_000, 60_000))).isEqualTo(1);
        assertThat(out.toString())
                .contains("FAILED: 1 met, 1 missed, 0 not judged.")
                .contains("update, p99 = 1,250 us: MISSED by 250.0 us (25.0 %)");
        assertThat(err).hasToString("gate: update, p99 = 1,250 us: MISSED by 250.0 us (25.0 %)\n");
    }

    @Test
    void missedThroughputFailsAndSaysByHowMuch() {
        assertThat(tell(latency(100, 50), throughput(7_500, 60_000))).isEqualTo(1);
        assertThat(err).hasToString("gate: update, throughput = 7,500/s: MISSED by 2,500/s (25.0 %)\n");
    }

    @Test
    void everyMissIsNamed() {
        assertThat(tell(latency(2_000, 100), throughput(5_000, 60_000))).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(2);
    }

    @Test
    void limitItselfIsAMiss() {
        assertThat(latency(1_000, 100).verdict().outcome()).isEqualTo(Outcome.MISSED);
        assertThat(throughput(10_000, 60_000).verdict().outcome()).isEqualTo(Outcome.MISSED);
    }

    @Test
    void slowMachineIsNotJudged() {
        assertThat(latency(1_250, 500).verdict())
                .isEqualTo(new Verdict(
                        Outcome.NOT_JUDGED,
                        "not judged: machine too slow, SET p99 = 500.0 us, needed < 500 us (would be missed)"));
        assertThat(throughput(12_000, 20_000).verdict())
                .isEqualTo(new Verdict(
                        Outcome.NOT_JUDGED,
                        "not judged: machine too slow, SET throughput = 20,000/s, needed > 20,000/s (would be met)"));
    }

    @Test
    void nothingJudgedIsNoFailureButSaysSo() {
        assertThat(tell(latency(1_250, 600), throughput(5_000, 15_000))).isZero();
        assertThat(out.toString()).contains("Nothing could be judged: 0 met, 0 missed, 2 not judged.");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void missOnAMachineThatItsHostTookAwayIsNotJudged() {
        assertThat(disturbed(4, 1_250).verdict())
                .isEqualTo(new Verdict(
                        Outcome.NOT_JUDGED,
                        "not judged: the host took the processor away in 4 of 7 rounds (would be missed)"));
        assertThat(disturbed(3, 1_250).verdict().outcome()).isEqualTo(Outcome.MISSED);
        assertThat(disturbed(7, 900).verdict().outcome()).isEqualTo(Outcome.MET);
    }

    private static Figure disturbed(int rounds, double value) {
        return new Figure(
                "update, p99",
                Unit.MICROSECONDS,
                Collections.nCopies(7, value),
                "SET p99",
                Collections.nCopies(7, 200.0),
                rounds,
                LATENCY);
    }

    @Test
    void oneSlowYardstickDoesNotExcuseTheOtherFigure() {
        assertThat(tell(latency(1_250, 600), throughput(5_000, 60_000))).isEqualTo(1);
        assertThat(err).hasToString("gate: update, throughput = 5,000/s: MISSED by 5,000/s (50.0 %)\n");
    }

    @Test
    void figuresWithoutTargetAreOnlyShown() {
        Figure figure = figure("read, p50", Unit.MICROSECONDS, List.of(1e6), List.of(1.0), null);
        assertThat(tell(figure)).isZero();
        assertThat(figure.verdict().outcome()).isEqualTo(Outcome.SHOWN);
    }

    @Test
    void mediansOverTheRoundsAreJudged() {
        Figure figure = figure(
                "update, p99", Unit.MICROSECONDS, List.of(90.0, 9_000.0, 110.0), List.of(50.0, 40.0, 800.0), LATENCY);
        assertThat(figure.value()).isEqualTo(110);
        assertThat(figure.yardstick()).isEqualTo(50);
        assertThat(figure.ratio()).isEqualTo(1.8);
        assertThat(figure.verdict().outcome()).isEqualTo(Outcome.MET);
        assertThat(Figure.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void whatWasNotMeasuredCannotPass() {
        assertThatThrownBy(() -> figure("update, p99", Unit.MICROSECONDS, List.of(), List.of(), LATENCY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("update, p99: 0 rounds, and 0 of its yardstick; expected as many, and at least one");
        Figure nothing = figure("update, p99", Unit.MICROSECONDS, List.of(1.0, Double.NaN), List.of(1.0, 1.0), LATENCY);
        assertThatThrownBy(nothing::verdict)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a round measured nothing: [1.0, NaN]");
    }

    @Test
    void targetsAreThoseOfTheProject() {
        Series series = new Series();
        series.add(new Measurer.Latency(1, 1), false, 1, false);
        List<Figure> judged = List.of(Workload.values()).stream()
                .flatMap(workload -> workload.figures(series, series).stream())
                .filter(figure -> figure.target() != null)
                .toList();
        assertThat(judged)
                .extracting(Figure::name)
                .containsExactly("update, 1 caller, p99", "update, 8 callers, throughput");
        assertThat(judged).extracting(Figure::target).containsExactly(LATENCY, THROUGHPUT);
        assertThat(judged).extracting(Figure::unit).containsExactly(Unit.MICROSECONDS, Unit.PER_SECOND);
    }

    @Test
    void tableHasAColumnForEverything() {
        assertThat(report(latency(93.44, 46.72), throughput(7_500, 60_000)).text())
                .isEqualTo("""
                Gate, short form, 2026-11-23T01:02:03Z: 7 rounds; value, yardstick and ratio are medians over the rounds
                Machine: 2 cores (Some CPU)
                System:  Debian GNU/Linux 12, Linux 6.1 amd64
                Java:    OpenJDK 17
                Redis:   Redis 7.0.15 (redis-server), loopback
                Others:  kept 0.25 of 2 cores busy meanwhile; the host took it away in 0 of the rounds of a figure at most

                figure                value  yardstick                 ratio  limit       verdict
                update, p99         93.4 us  SET p99          46.7 us   2.00  < 1,000 us  met
                update, throughput  7,500/s  SET throughput  60,000/s   0.13  > 10,000/s  MISSED by 2,500/s (25.0 %)

                FAILED: 1 met, 1 missed, 0 not judged.
                update, throughput = 7,500/s: MISSED by 2,500/s (25.0 %)
                """);
    }

    @Test
    void jsonHasEveryRound() {
        JsonNode json = JsonMapper.shared()
                .readTree(
                        report(latency(1_250, 200), throughput(30_000, 60_000)).json());
        assertThat(json.get("passed").asBoolean()).isFalse();
        assertThat(json.get("machine").get("redis").asString()).isEqualTo("Redis 7.0.15 (redis-server), loopback");
        JsonNode figure = json.get("figures").get(0);
        assertThat(figure.get("verdict").asString()).isEqualTo("missed");
        assertThat(figure.get("limit").asDouble()).isEqualTo(1_000);
        assertThat(figure.get("ratio").asDouble()).isEqualTo(6.25);
        assertThat(figure.get("values")).hasSize(1);
    }

    @Test
    void idleAndWaitingAreNotBusy() {
        assertThat(Neighbours.busySeconds("cpu  100 10 200 5000 300 1 2 7 50 0"))
                .isEqualTo(3.2);
        assertThat(Neighbours.stolenSeconds("cpu  100 10 200 5000 300 1 2 7 50 0"))
                .isEqualTo(0.07);
    }

    private int tell(Figure... figures) {
        return GateCommand.tell(report(figures), new PrintWriter(out), new PrintWriter(err));
    }

    private static Report report(Figure... figures) {
        return new Report(
                Instant.parse("2026-11-23T01:02:03.456Z"),
                new Form("short", 2, 7, Duration.ofMillis(500)),
                new Machine(
                        2,
                        "Some CPU",
                        "Debian GNU/Linux 12, Linux 6.1 amd64",
                        "OpenJDK 17",
                        "Redis 7.0.15 (redis-server), loopback"),
                OptionalDouble.of(0.25),
                List.of(figures));
    }

    private static Figure latency(double value, double yardstick) {
        return figure("update, p99", Unit.MICROSECONDS, List.of(value), List.of(yardstick), LATENCY);
    }

    private static Figure throughput(double value, double yardstick) {
        return figure("update, throughput", Unit.PER_SECOND, List.of(value), List.of(yardstick), THROUGHPUT);
    }

    private static Figure figure(
            String name, Unit unit, List<Double> values, List<Double> yardsticks, @Nullable Target target) {
        return new Figure(name, unit, values, "SET " + name.replaceFirst(".*, ", ""), yardsticks, 0, target);
    }
}
