package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.server.live.Alert;
import ai.tatbot.state.server.live.FleetStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The fleet in numbers, as it is when it is asked for: one status for all of them. */
final class FleetGauges {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final MeterRegistry registry;
    private final Supplier<FleetStatus> fleet;
    private volatile @Nullable FleetStatus status;

    /**
     * @param fleet asked for its status when someone looks
     * @param conflated asked how many changes it has passed over
     */
    FleetGauges(MeterRegistry registry, Supplier<FleetStatus> fleet, LongSupplier conflated) {
        this.registry = registry;
        this.fleet = fleet;
        FunctionCounter.builder("tatbot.watch.conflated", conflated, LongSupplier::getAsLong)
                .description("Changes that the server passed over, since a later one of the same document came first.")
                .register(registry);
        watch();
        redis();
        nodesAndSessions();
    }

    /** From now on the numbers are those of this moment. */
    void refresh() {
        status = fleet.get();
    }

    private void watch() {
        for (WatchStatus.Condition condition : WatchStatus.Condition.values()) {
            gauge(
                    "tatbot.watch.condition",
                    "Condition of the watch on Redis: 1 for the one that it has, 0 for the others.",
                    null,
                    of -> of.link().condition() == condition ? 1 : 0,
                    "condition",
                    text(condition));
        }
        gauge(
                "tatbot.watch.staleness",
                "Time for which nothing is known of what is newer; not a number before the first snapshot.",
                "seconds",
                FleetGauges::staleness);
    }

    private static double staleness(FleetStatus of) {
        Instant asOf = of.link().asOf();
        return asOf == null
                ? Double.NaN
                : Math.max(0, Duration.between(asOf, of.at()).toMillis() / MILLIS_PER_SECOND);
    }

    private void redis() {
        gauge(
                "tatbot.redis.memory.used",
                "What the data of Redis take; not a number if its user may not ask.",
                "bytes",
                of -> number(of.redis() == null ? null : of.redis().usedMemory()));
        gauge(
                "tatbot.redis.memory.max",
                "What the data of Redis may take; not a number if there is no limit, or its user may not ask.",
                "bytes",
                of -> number(limit(of.redis())));
    }

    private static @Nullable Long limit(@Nullable RedisServer redis) {
        return redis == null ? null : redis.maxMemory();
    }

    private static double number(@Nullable Long value) {
        return value == null ? Double.NaN : value;
    }

    private void nodesAndSessions() {
        for (var condition : ai.tatbot.state.client.SystemStatus.Condition.values()) {
            gauge(
                    "tatbot.nodes",
                    "Known nodes, by their condition.",
                    null,
                    of -> of.nodes().stream()
                            .map(Node::condition)
                            .filter(condition::equals)
                            .count(),
                    "condition",
                    text(condition));
        }
        for (Alert.Severity severity : Alert.Severity.values()) {
            gauge(
                    "tatbot.alerts",
                    "What someone should look at.",
                    null,
                    of -> of.alerts().stream()
                            .filter(alert -> alert.severity() == severity)
                            .count(),
                    "severity",
                    severity.text());
        }
        gauge(
                "tatbot.sessions.active",
                "Stroke sessions that are executing or paused.",
                null,
                of -> of.active().size());
    }

    private void gauge(
            String name,
            String description,
            @Nullable String unit,
            ToDoubleFunction<FleetStatus> value,
            String... tags) {
        Gauge.builder(name, () -> {
                    FleetStatus known = status;
                    return known == null ? Double.NaN : value.applyAsDouble(known);
                })
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
