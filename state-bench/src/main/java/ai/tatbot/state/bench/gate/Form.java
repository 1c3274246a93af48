package ai.tatbot.state.bench.gate;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param warmUpRounds measured and thrown away
 * @param rounds measured and kept
 * @param slot time for one benchmark in one mode
 */
record Form(String name, int warmUpRounds, int rounds, Duration slot) {
    /** Before each slot, for its new connections and for a core that has gone to sleep. */
    static final Duration LEAD_IN = Duration.ofMillis(100);

    /** Some 80 s, for every push. */
    static final Form SHORT = new Form("short", 2, 7, Duration.ofMillis(500));

    /** Some five minutes, for figures to be quoted. */
    static final Form FULL = new Form("full", 2, 21, Duration.ofSeconds(1));
}
