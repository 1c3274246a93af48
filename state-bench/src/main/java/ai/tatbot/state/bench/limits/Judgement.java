package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.limits.Limits.Limit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of a run beside their limits. */
final class Judgement {
    private final List<String> lines = new ArrayList<>();
    private final List<Measure> missed = new ArrayList<>();
    private final List<String> misses = new ArrayList<>();

    /** @param expected what must have been measured, and have a limit: a gate that looks at nothing passes everything */
    Judgement(Collection<Measure> expected, Map<Measure, Double> values, Limits limits) {
        for (Measure measure : expected) {
            judge(measure, values.get(measure), limits.of(measure));
        }
    }

    private void judge(Measure measure, @Nullable Double value, Optional<Limit> limit) {
        if (value == null) {
            miss(measure, measure.id() + ": " + measure.text() + " was not measured; is redis-benchmark missing?");
            return;
        }
        if (limit.isEmpty()) {
            lines.add(line(measure, value, "", "MISSED: no limit"));
            miss(measure, measure.id() + ": " + measure.text() + " has no limit; ops/bench --gate --take takes them");
            return;
        }
        double bound = limit.get().limit();
        boolean kept = measure.rule().keeps(value, bound);
        String told = measure.rule().sign() + " " + number(bound);
        double taken = limit.get().taken();
        String keptHow = measure.rule().outgrown(value, taken)
                ? "kept; was " + number(taken) + ", take the limits anew (--take)"
                : "kept";
        lines.add(line(measure, value, told, kept ? keptHow : "MISSED by " + distance(value, bound)));
        if (!kept) {
            miss(
                    measure,
                    measure.id() + ": " + measure.text() + " = " + number(value) + ", must be " + told
                            + ": missed by "
                            + distance(value, bound) + "; it was "
                            + number(taken) + " on "
                            + limit.get().machine() + ", " + limit.get().java() + ", "
                            + limit.get().redis());
        }
    }

    private void miss(Measure measure, String told) {
        missed.add(measure);
        misses.add(told);
    }

    private static String line(Measure measure, double value, String limit, String verdict) {
        return String.format(Locale.ROOT, "%-80s %10s  %-13s %s", measure.text(), number(value), limit, verdict);
    }

    /** How far a value is on the wrong side. */
    private static String distance(double value, double limit) {
        double by = Math.abs(value - limit);
        return number(by) + (limit == 0 ? "" : String.format(Locale.ROOT, " (%.1f %%)", 100 * by / limit));
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, Math.abs(value) < 0.01 ? "%,.5f" : "%,.3f", value);
    }

    /** The table, a line each. */
    List<String> lines() {
        return lines;
    }

    /** What missed its limit. */
    List<Measure> missed() {
        return missed;
    }

    /** The same in a sentence each: which, by how much, and where the limit comes from. */
    List<String> misses() {
        return misses;
    }
}
