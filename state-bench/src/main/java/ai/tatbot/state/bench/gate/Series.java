package ai.tatbot.state.bench.gate;

import java.util.ArrayList;
import java.util.List;

/**
 * What the rounds measured of one benchmark, one element a round.
 *
 * @param medians of the latency of a call, in microseconds
 * @param p99s 99th percentiles of it
 * @param throughputs calls a second, of all callers together
 */
record Series(List<Double> medians, List<Double> p99s, List<Double> throughputs) {
    Series() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
}
