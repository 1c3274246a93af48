package ai.tatbot.state.bench.offer;

/** A stretch of the run, and what was measured in it: two offers in each turn of the loop, and as much idle time. */
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

    /** Seconds, that is a thousand turns each, that were measured in full. */
    int seconds() {
        return idle.count() / 1_000;
    }

    /** Seconds in which the longest offer took that much longer, in us, than the longest turn of the empty loop. */
    int secondsOfLongOffers(double by) {
        return longer(offers.longestOf(2_000), idle.longestOf(1_000), by);
    }

    /** The other way round: what chance alone does. */
    int secondsOfLongIdling(double by) {
        return longer(idle.longestOf(1_000), offers.longestOf(2_000), by);
    }

    private static int longer(double[] ones, double[] others, double by) {
        int count = 0;
        for (int i = 0; i < Math.min(ones.length, others.length); i++) {
            count += ones[i] > others[i] + by ? 1 : 0;
        }
        return count;
    }
}
