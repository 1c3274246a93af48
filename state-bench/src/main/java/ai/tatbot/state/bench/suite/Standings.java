package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a contest measured: of each contestant a sample a round. */
public final class Standings {
    private final Map<String, List<Sample>> samples;

    Standings(Map<String, List<Sample>> samples) {
        this.samples = new LinkedHashMap<>(samples);
    }

    /** Names, in the order in which they were given. */
    public Set<String> names() {
        return samples.keySet();
    }

    /** Whether this one took part. */
    public boolean has(String name) {
        return samples.containsKey(name);
    }

    /** Median over the rounds. */
    public double median(String name, ToDoubleFunction<Sample> figure) {
        return median(values(name, figure));
    }

    /** The least of the rounds: what the work itself costs, where everything else only adds to it. */
    public double least(String name, ToDoubleFunction<Sample> figure) {
        return values(name, figure).stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(Double.NaN);
    }

    /**
     * Median of the rounds' ratios, not the ratio of the medians: a round trip takes some 15 us while the other side's core is awake,
     * and some 100 us when it sleeps, and those two are not to be compared.
     */
    public double ratio(String ours, String yardstick, ToDoubleFunction<Sample> figure) {
        List<Double> above = values(ours, figure);
        List<Double> below = values(yardstick, figure);
        return median(IntStream.range(0, above.size())
                .mapToObj(i -> above.get(i) / below.get(i))
                .toList());
    }

    /** Median of the rounds' differences. */
    public double difference(String ours, String yardstick, ToDoubleFunction<Sample> figure) {
        List<Double> more = values(ours, figure);
        List<Double> less = values(yardstick, figure);
        return median(IntStream.range(0, more.size())
                .mapToObj(i -> more.get(i) - less.get(i))
                .toList());
    }

    /** One for each round. */
    public List<Double> values(String name, ToDoubleFunction<Sample> figure) {
        List<Sample> found = samples.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name + " took no part; those who did: " + samples.keySet());
        }
        return found.stream().map(figure::applyAsDouble).toList();
    }

    /** NaN of none. */
    public static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
