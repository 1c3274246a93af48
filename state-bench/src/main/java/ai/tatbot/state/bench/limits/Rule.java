package ai.tatbot.state.bench.limits;

/** How far a measure may be from what it was when its limit was taken. */
enum Rule {
    /** Neither more nor less: events per update. */
    EXACTLY("=", 0),
    /** Counts of commands and round trips; the slack is for what runs in the background, such as the renewal of a lease. */
    COUNT("<=", 0.05),
    /** Bytes, of which 64 more must be noticed. */
    BYTES("<=", 32),
    /** Times beside a yardstick in the same thread, in turn within a tenth of a second. */
    TIME("<=", 0.15),
    /** The processor's time that Redis counts. */
    SERVER("<=", 0.25),
    /**
     * Times that go through the network stack and the scheduler: twice as long must be noticed on a quiet machine, and a busy one,
     * whose cores do not sleep, must not fail for that.
     */
    LATENCY("<=", 1),
    /** Throughput beside a yardstick's: more is better. */
    THROUGHPUT(">=", 0.5);

    /** So much a ratio of latencies may differ because one side's core was asleep. */
    private static final double ASLEEP = 0.5;

    private final String sign;
    private final double slack;

    Rule(String sign, double slack) {
        this.sign = sign;
        this.slack = slack;
    }

    String sign() {
        return sign;
    }

    /** The limit that follows from a value that is good. */
    double limit(double taken) {
        return switch (this) {
            case EXACTLY -> taken;
            case COUNT, BYTES -> round(taken + slack);
            case LATENCY -> round(taken * (1 + slack) + ASLEEP);
            case TIME, SERVER -> round(taken * (1 + slack));
            case THROUGHPUT -> round(taken * (1 - slack));
        };
    }

    private static double round(double value) {
        return Math.round(value * 1_000) / 1e3;
    }

    /** Whether one limit lets less pass than another. */
    boolean isTighter(double limit, double other) {
        return switch (this) {
            case EXACTLY -> false;
            case THROUGHPUT -> limit > other;
            default -> limit < other;
        };
    }

    /** Whether a value keeps a limit; one that could not be measured does not. */
    boolean keeps(double value, double limit) {
        return switch (this) {
            case EXACTLY -> Math.abs(value - limit) < 1e-9;
            case THROUGHPUT -> value >= limit;
            default -> value <= limit;
        };
    }

    /**
     * Whether a value is so much better than the one that the limit was taken from that the limit would let it become as bad again
     * unnoticed. Never for what depends on how busy the machine is.
     */
    boolean outgrown(double value, double taken) {
        return switch (this) {
            case COUNT, BYTES -> value < taken - slack;
            case TIME -> value < taken * (1 - slack);
            case EXACTLY, SERVER, LATENCY, THROUGHPUT -> false;
        };
    }
}
