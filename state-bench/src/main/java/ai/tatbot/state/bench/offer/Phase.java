package ai.tatbot.state.bench.offer;

/** A stretch of the run, and what was measured in it. */
final class Phase {
    final String name;
    final Latencies offers;
    /** As much work that is not ours, as often: what the machine itself does to a loop. */
    final Latencies idle;

    volatile long heapBefore;
    volatile long heapAfter;

    Phase(String name, int seconds) {
        this.name = name;
        // Two in each turn.
        this.offers = new Latencies(seconds * 2_200);
        this.idle = new Latencies(seconds * 1_100);
    }
}
