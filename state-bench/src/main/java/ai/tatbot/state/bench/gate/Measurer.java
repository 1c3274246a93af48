package ai.tatbot.state.bench.gate;

/** Runs one benchmark once. */
interface Measurer {
    /**
     * Of each call.
     *
     * @param method full name of the benchmark
     */
    Latency latency(String method, int callers);

    /** Calls a second, of all callers together. */
    double throughput(String method, int callers);

    /** In microseconds. */
    record Latency(double median, double p99) {}
}
