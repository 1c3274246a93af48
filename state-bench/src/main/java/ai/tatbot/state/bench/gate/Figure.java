package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Verdict.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table: what was measured in each round, beside its yardstick.
 *
 * @param name such as {@code update, 1 caller, p99}
 * @param values one for each round
 * @param yardstickName such as {@code SET p99}
 * @param yardsticks one for each round
 * @param disturbed rounds during which the host took the processor away
 * @param target what it must reach; null where it is only shown
 */
record Figure(
        String name,
        Unit unit,
        List<Double> values,
        String yardstickName,
        List<Double> yardsticks,
        int disturbed,
        @Nullable Target target) {
    Figure {
        values = List.copyOf(values);
        yardsticks = List.copyOf(yardsticks);
        if (values.isEmpty() || values.size() != yardsticks.size()) {
            throw new IllegalArgumentException(name + ": " + values.size() + " rounds, and " + yardsticks.size()
                    + " of its yardstick; expected as many, and at least one");
        }
    }

    /** Median over the rounds. */
    double value() {
        return median(values);
    }

    /** Median over the rounds. */
    double yardstick() {
        return median(yardsticks);
    }

    /**
     * Median of the rounds' ratios. A round trip takes some 15 us while the other side's core is awake, and some 100 us when it
     * sleeps: the ratio of the medians would now and then compare the one with the other.
     */
    double ratio() {
        return median(IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i) / yardsticks.get(i))
                .toList());
    }

    Verdict verdict() {
        if (target == null) {
            return new Verdict(Outcome.SHOWN, "");
        }
        double value = value();
        boolean met = unit.isWithin(value, target.limit());
        if (!unit.isWithin(yardstick(), target.yardstickLimit())) {
            return new Verdict(
                    Outcome.NOT_JUDGED,
                    "not judged: machine too slow, " + yardstickName + " = " + unit.format(yardstick()) + ", needed "
                            + unit.formatLimit(target.yardstickLimit()) + " (would be " + (met ? "met" : "missed")
                            + ")");
        }
        if (met) {
            return new Verdict(Outcome.MET, "met");
        }
        if (disturbed * 2 > values.size()) {
            return new Verdict(
                    Outcome.NOT_JUDGED,
                    "not judged: the host took the processor away in " + disturbed + " of " + values.size()
                            + " rounds (would be missed)");
        }
        double by = Math.abs(value - target.limit());
        return new Verdict(
                Outcome.MISSED,
                String.format(Locale.ROOT, "MISSED by %s (%.1f %%)", unit.format(by), 100 * by / target.limit()));
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (Arrays.stream(sorted).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException("a round measured nothing: " + values);
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
