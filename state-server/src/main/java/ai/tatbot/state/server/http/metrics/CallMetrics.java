package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.server.operation.WriteMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Counts and times what callers ask for: writes, whoever asks for them, and calls of MCP tools. */
final class CallMetrics implements WriteMeter {
    /** More sorts than there are. Should a name come from outside after all, it cannot fill the memory. */
    private static final int MOST_SORTS = 300;

    private final MeterRegistry registry;
    private final Timer published;
    private final ConcurrentMap<Sort, Timer> timers = new ConcurrentHashMap<>();

    private record Sort(String meter, String name, String outcome) {}

    CallMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.published = Buckets.timer(
                registry,
                "tatbot.publish.latency",
                "How long it took to publish an event, asked for over HTTP or MCP.");
    }

    @Override
    public void ended(String operation, String outcome, long nanos) {
        boolean done = outcome.equals("done");
        if (done && operation.equals("publish_event")) {
            published.record(nanos, TimeUnit.NANOSECONDS);
        }
        timer(new Sort("tatbot.write.duration", operation, outcome.toLowerCase(Locale.ROOT)))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A call of an MCP tool has been answered. */
    void answered(String tool, String outcome, Duration took) {
        timer(new Sort("tatbot.mcp.call.duration", tool, outcome)).record(took);
    }

    private Timer timer(Sort sort) {
        Timer known = timers.get(sort);
        if (known != null) {
            return known;
        }
        return timers.computeIfAbsent(
                timers.size() < MOST_SORTS ? sort : new Sort(sort.meter, "other", "other"), this::register);
    }

    private Timer register(Sort sort) {
        return sort.meter.equals("tatbot.write.duration")
                ? Timer.builder(sort.meter)
                        .description("Writes, by what came of them.")
                        .tag("operation", sort.name)
                        .tag("outcome", sort.outcome)
                        .register(registry)
                : Buckets.timer(
                        registry, sort.meter, "Calls of MCP tools.", "tool", sort.name, "outcome", sort.outcome);
    }
}
