package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.live.FleetMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts what the watch on Redis tells. An update costs one look at the clock and one record in a histogram. */
final class FleetMetrics implements FleetMeter {
    private final Map<Cause, Counter> changes = new EnumMap<>(Cause.class);
    private final Map<Problem.Kind, Counter> problems = new EnumMap<>(Problem.Kind.class);
    private final TransitionMetrics types;
    private final Timer documents;
    private final Timer transitions;
    private final Counter caughtUp;
    private final Counter lost;
    private final Counter reconnects;
    private boolean wasConnected;
    private boolean isReconnecting;

    FleetMetrics(MeterRegistry registry) {
        for (Cause cause : Cause.values()) {
            changes.put(
                    cause,
                    Counter.builder("tatbot.watch.changes")
                            .description("Changes of documents, by how the server learned of them.")
                            .tag("cause", text(cause))
                            .register(registry));
        }
        for (Problem.Kind kind : Problem.Kind.values()) {
            problems.put(
                    kind,
                    Counter.builder("tatbot.problems")
                            .description("What went wrong and was survived, such as invalid documents and events.")
                            .tag("kind", text(kind))
                            .register(registry));
        }
        this.types = new TransitionMetrics(registry);
        String latency = "tatbot.event.latency";
        String description = "Time from the writing of an update, by the writer's clock, to the server's having it.";
        this.documents = Buckets.timer(registry, latency, description, "class", "position");
        this.transitions = Buckets.timer(registry, latency, description, "class", "transition");
        this.caughtUp = Counter.builder("tatbot.watch.caught.up")
                .description(
                        "Transitions that were read from the log because they were missed when they were published.")
                .register(registry);
        this.lost = Counter.builder("tatbot.watch.lost")
                .description("Transitions that the server missed and could not read from the log any more.")
                .register(registry);
        this.reconnects = Counter.builder("tatbot.watch.reconnects")
                .description("How often the watch on Redis lost its connection and got it back.")
                .register(registry);
    }

    @Override
    public void onChange(StateChange<?> change) {
        count(changes, change.cause());
        Versioned<? extends Document> value = change.value();
        if (change.cause() == Cause.UPDATED && value != null) {
            record(documents, value.lastUpdated());
        }
    }

    @Override
    public void onTransition(StateTransition transition) {
        types.count(transition.event());
        if (transition.caughtUp()) {
            caughtUp.increment();
        } else {
            record(transitions, transition.event().timestamp());
        }
    }

    @Override
    public void onLost(LostTransitions lostOnes) {
        lost.increment((double) lostOnes.count());
    }

    /** On one thread, as the watch promises. */
    @Override
    public void onStatus(WatchStatus status) {
        boolean reconnecting = status.condition() == Condition.RECONNECTING;
        if (isReconnecting && !reconnecting && wasConnected) {
            reconnects.increment();
        }
        isReconnecting = reconnecting;
        wasConnected |= status.condition() == Condition.LIVE;
    }

    @Override
    public void onProblem(Problem problem) {
        count(problems, problem.kind());
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E which) {
        Counter counter = counters.get(which);
        if (counter != null) {
            counter.increment();
        }
    }

    /** A writer's clock may be ahead: that is no time at all. Without an object for the difference: it is done for each update. */
    static void record(Timer timer, Instant since) {
        Instant now = Instant.now();
        long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond() - since.getEpochSecond())
                + now.getNano()
                - since.getNano();
        timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
