package ai.tatbot.state.server.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times that were measured, every one of them. Immutable. */
public final class Latencies {
    /** Upper bounds of the histogram's bins in microseconds: 1, 2, 5 of each power of ten. */
    private static final long[] BOUNDS = {
        10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000
    };

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    /** Of at least one time. */
    static Latencies ofNanos(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The time in microseconds that so many percent of them do not exceed. */
    public long micros(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return micros(sorted[Math.max(0, Math.min(sorted.length, rank) - 1)]);
    }

    /** The longest, in microseconds. */
    public long maxMicros() {
        return micros(sorted[sorted.length - 1]);
    }

    private static long micros(long nanos) {
        return Math.round(nanos / 1_000.0);
    }

    /** The histogram, from the first bin in which there is something to the last one. */
    public List<Bin> histogram() {
        List<Bin> bins = new ArrayList<>();
        long below = 0;
        for (int i = 0; i <= BOUNDS.length; i++) {
            long to = i < BOUNDS.length ? BOUNDS[i] : Long.MAX_VALUE;
            long count = countBelow(to) - below;
            bins.add(new Bin(i == 0 ? 0 : BOUNDS[i - 1], to, count));
            below += count;
        }
        int first = 0;
        int last = bins.size() - 1;
        while (bins.get(first).count == 0) {
            first++;
        }
        while (bins.get(last).count == 0) {
            last--;
        }
        return List.copyOf(bins.subList(first, last + 1));
    }

    private long countBelow(long micros) {
        long limit = micros == Long.MAX_VALUE ? Long.MAX_VALUE : micros * 1_000;
        return Arrays.stream(sorted).filter(nanos -> nanos < limit).count();
    }

    /**
     * One bin of the histogram.
     *
     * @param fromMicros the first time that belongs to it
     * @param toMicros the first that does not; {@link Long#MAX_VALUE} for the last bin
     * @param count how many there are
     */
    public record Bin(long fromMicros, long toMicros, long count) {}
}
