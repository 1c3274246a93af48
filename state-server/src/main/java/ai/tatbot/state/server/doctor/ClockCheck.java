package ai.tatbot.state.server.doctor;

import java.time.Duration;
import java.time.Instant;

/**
 * How far the clock of this machine is from that of Redis. Documents carry their writer's time, and viewers tell from it how old they
 * are and which session is the current one; leases and heartbeats go by Redis' clock, and are not affected.
 */
final class ClockCheck extends Check {
    /** A viewer that says "120 ms ago" is wrong by as much. Any time service keeps a clock ten times better. */
    static final Duration WRONG = Duration.ofMillis(100);

    /** Ages become nonsense, and an older session may look like the current one. */
    static final Duration VERY_WRONG = Duration.ofSeconds(1);

    private static final int SAMPLES = 10;

    ClockCheck() {
        super(Part.TRAFFIC, "clock");
    }

    @Override
    Result examine(Examination examination) {
        Duration skew = Duration.ZERO;
        Duration shortest = null;
        for (int i = 0; i < SAMPLES; i++) {
            long begin = System.nanoTime();
            Instant before = examination.now();
            Instant redis = examination.redisTime();
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - begin);
            // Redis looked at its clock half-way, as far as can be known; the shorter, the surer.
            if (shortest == null || roundTrip.compareTo(shortest) < 0) {
                shortest = roundTrip;
                skew = Duration.between(redis, before.plus(roundTrip.dividedBy(2)));
            }
        }
        String found = skew.abs().compareTo(WRONG) < 0
                ? "this machine's clock and that of Redis differ by " + Words.span(skew)
                : "this machine's clock is " + Words.span(skew) + (skew.isNegative() ? " behind" : " ahead of")
                        + " that of Redis";
        String advice =
                "Switch on a time service on both machines: timedatectl set-ntp true. Times in documents are wrong until then.";
        Result result = skew.abs().compareTo(VERY_WRONG) >= 0
                ? Result.fail(found, advice)
                : skew.abs().compareTo(WRONG) >= 0 ? Result.warn(found, advice) : Result.ok(found);
        return result.with("skew_ms", skew.toMillis());
    }
}
