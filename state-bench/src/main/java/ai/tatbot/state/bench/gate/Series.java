package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Measurer.Latency;
import java.util.ArrayList;
import java.util.List;

/** What the rounds measured of one benchmark. */
final class Series {
    private final List<Double> medians = new ArrayList<>();
    private final List<Double> p99s = new ArrayList<>();
    private final List<Double> throughputs = new ArrayList<>();
    private int disturbedLatencies;
    private int disturbedThroughputs;

    /** One round; each measurement with whether the host took the processor away meanwhile. */
    void add(Latency latency, boolean latencyDisturbed, double throughput, boolean throughputDisturbed) {
        medians.add(latency.median());
        p99s.add(latency.p99());
        throughputs.add(throughput);
        disturbedLatencies += latencyDisturbed ? 1 : 0;
        disturbedThroughputs += throughputDisturbed ? 1 : 0;
    }

    /** Medians of the latency of a call, in microseconds, one a round. */
    List<Double> medians() {
        return medians;
    }

    /** 99th percentiles of it. */
    List<Double> p99s() {
        return p99s;
    }

    /** Calls a second, of all callers together. */
    List<Double> throughputs() {
        return throughputs;
    }

    int disturbedLatencies() {
        return disturbedLatencies;
    }

    int disturbedThroughputs() {
        return disturbedThroughputs;
    }
}
