package ai.tatbot.state.server.http.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/** Histograms of durations. Their buckets are fixed, so that those of several servers can be added up. */
final class Buckets {
    /** From what Redis on the same machine takes up to what someone in front of a page would call broken. */
    private static final double[] MILLIS = {0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000};

    private static final double NANOS_PER_MILLI = 1e6;

    private Buckets() {}

    static Timer timer(MeterRegistry registry, String name, String description, String... tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(Arrays.stream(MILLIS)
                        .mapToObj(millis -> Duration.ofNanos(Math.round(millis * NANOS_PER_MILLI)))
                        .toArray(Duration[]::new))
                .register(registry);
    }
}
