package ai.tatbot.state.bench.peers;

import org.HdrHistogram.Histogram;

/**
 * What one slot measured.
 *
 * @param calls how many were done
 * @param seconds how long that took
 * @param p50 median of a call, in microseconds; NaN if single calls were not timed
 * @param p99 the same of its 99th percentile
 * @param bytes what the calling thread allocated for each call; NaN if not known
 */
public record Sample(long calls, double seconds, double p50, double p99, double bytes) {
    /** Without latencies. */
    public static Sample counted(long calls, long nanos) {
        return new Sample(calls, nanos / 1e9, Double.NaN, Double.NaN, Double.NaN);
    }

    /** From a histogram of nanoseconds. */
    static Sample timed(Histogram histogram, long nanos, double bytes) {
        return new Sample(
                histogram.getTotalCount(),
                nanos / 1e9,
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(99) / 1e3,
                bytes);
    }

    /** Calls a second. */
    public double perSecond() {
        return calls / seconds;
    }

    /** Mean time of a call, in nanoseconds. */
    public double nanos() {
        return seconds * 1e9 / calls;
    }
}
