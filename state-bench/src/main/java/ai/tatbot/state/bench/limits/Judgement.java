package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.limits.Limits.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The values of a run beside their limits. */
final class Judgement {
    private final List<String> lines = new ArrayList<>();
    private final List<Measure> missed = new ArrayList<>();
    private final List<String> misses = new ArrayList<>();

    Judgement(Map<Measure, Double> values, Limits limits) {
        values.forEach((measure, value) -> judge(measure, value, limits.of(measure)));
    }

    private void judge(Measure measure, double value, Optional<Limit> limit) {
        if (limit.isEmpty()) {
            lines.add(line(measure, value, "", "no limit"));
            return;
        }
        double bound = limit.get().limit();
        boolean kept = measure.rule().keeps(value, bound);
        String told = measure.rule().sign() + " " + number(bound);
        lines.add(line(measure, value, told, kept ? "kept" : "MISSED by " + distance(value, bound)));
        if (!kept) {
            missed.add(measure);
            misses.add(measure.id() + ": " + measure.text() + " = " + number(value) + ", must be " + told
                    + ": missed by "
                    + distance(value, bound) + "; it was " + number(limit.get().taken()) + " on "
                    + limit.get().machine() + ", " + limit.get().java() + ", "
                    + limit.get().redis());
        }
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
