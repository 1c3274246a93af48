package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.internal.RawConnection;
import java.time.Duration;
import java.util.Arrays;

/** How long Redis takes to answer. Asked for the time, since a Redis that cannot write to its disk refuses even a ping. */
final class LatencyCheck extends Check {
    private static final int ROUND_TRIPS = 500;

    /** Of a network so slow that 500 round trips would take longer, fewer tell enough. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    /** What is promised: an update in less than a millisecond. */
    private static final long SLOW_MICROS = 1_000;

    LatencyCheck() {
        super(Part.TRAFFIC, "latency");
    }

    @Override
    Result examine(Examination examination) {
        RawConnection redis = examination.redis();
        // The first ones pay for what the JVM has yet to load and compile.
        for (int i = 0; i < ROUND_TRIPS / 10; i++) {
            redis.call("measuring", "TIME");
        }
        long[] nanos = new long[ROUND_TRIPS];
        int count = 0;
        long end = System.nanoTime() + LONGEST.toNanos();
        do {
            long begin = System.nanoTime();
            redis.call("measuring", "TIME");
            nanos[count++] = System.nanoTime() - begin;
        } while (count < nanos.length && System.nanoTime() - end < 0);
        Latencies latencies = Latencies.ofNanos(Arrays.copyOf(nanos, count));
        examination.roundTrips(latencies);
        String found =
                "half of " + count + " round trips within " + Words.micros(latencies.micros(50)) + ", 99 % within "
                        + Words.micros(latencies.micros(99)) + ", the longest " + Words.micros(latencies.maxMicros());
        return (latencies.micros(50) <= SLOW_MICROS
                        ? Result.ok(found)
                        : Result.warn(
                                found + "; less than a millisecond is what is promised",
                                "Use a cable in place of Wi-Fi; see what else loads this machine, that of Redis, or the network."))
                .with(latencies);
    }
}
