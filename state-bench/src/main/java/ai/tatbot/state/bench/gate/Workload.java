package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.ReadBenchmark;
import ai.tatbot.state.bench.UpdateBenchmark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the gate measures, and beside what. */
enum Workload {
    ONE_UPDATE("update, 1 caller", UpdateBenchmark.class, "update", "SET", "bareSet", 1),
    EIGHT_UPDATES("update, 8 callers", UpdateBenchmark.class, "update", "SET", "bareSet", 8),
    READ("read, 1 caller", ReadBenchmark.class, "read", "HGET", "bareHget", 1);

    private final String title;
    private final Class<?> benchmark;
    private final String method;
    private final String bareTitle;
    private final String bareMethod;
    private final int callers;

    Workload(String title, Class<?> benchmark, String method, String bareTitle, String bareMethod, int callers) {
        this.title = title;
        this.benchmark = benchmark;
        this.method = method;
        this.bareTitle = bareTitle;
        this.bareMethod = bareMethod;
        this.callers = callers;
    }

    String title() {
        return title;
    }

    int callers() {
        return callers;
    }

    /** Full name of the benchmark, as JMH has it. */
    String method(boolean bare) {
        return benchmark.getName() + "." + (bare ? bareMethod : method);
    }

    /** The lines of the table, from what the rounds measured. */
    List<Figure> figures(Series ours, Series bare) {
        return List.of(
                figure("p50", Unit.MICROSECONDS, ours.medians(), bare.medians(), ours.disturbedLatencies(), null),
                figure(
                        "p99",
                        Unit.MICROSECONDS,
                        ours.p99s(),
                        bare.p99s(),
                        ours.disturbedLatencies(),
                        this == ONE_UPDATE ? new Target(1_000, 500) : null),
                figure(
                        "throughput",
                        Unit.PER_SECOND,
                        ours.throughputs(),
                        bare.throughputs(),
                        ours.disturbedThroughputs(),
                        this == EIGHT_UPDATES ? new Target(10_000, 20_000) : null));
    }

    private Figure figure(
            String what,
            Unit unit,
            List<Double> values,
            List<Double> yardsticks,
            int disturbed,
            @Nullable Target target) {
        return new Figure(title + ", " + what, unit, values, bareTitle + " " + what, yardsticks, disturbed, target);
    }
}
