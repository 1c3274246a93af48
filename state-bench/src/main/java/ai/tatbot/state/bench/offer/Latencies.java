package ai.tatbot.state.bench.offer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations of one phase, in ns. Filled by one thread, without allocating; read by another once that has stopped. */
final class Latencies {
    private final long[] nanos;
    private int count;

    Latencies(int most) {
        this.nanos = new long[most];
    }

    void add(long duration) {
        if (count < nanos.length) {
            nanos[count++] = duration;
        }
    }

    int count() {
        return count;
    }

    /** The duration that this share of all does not exceed, in us; NaN if there is none. */
    double micros(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (share * count))] / 1_000.0;
    }

    double max() {
        return micros(1);
    }

    /** The longest of each so many, in us; what is left at the end does not count. */
    double[] longestOf(int some) {
        double[] longest = new double[count / some];
        for (int i = 0; i < longest.length * some; i++) {
            longest[i / some] = Math.max(longest[i / some], nanos[i] / 1_000.0);
        }
        return longest;
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("count", count);
        figures.put("p50_us", micros(0.5));
        figures.put("p99_us", micros(0.99));
        figures.put("p99_9_us", micros(0.999));
        figures.put("max_us", max());
        return figures;
    }
}
