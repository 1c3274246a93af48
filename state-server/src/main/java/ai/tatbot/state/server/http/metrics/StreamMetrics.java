package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.http.events.StreamMeter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes over the event streams. */
final class StreamMetrics implements StreamMeter {
    private final LongAdder bytes = new LongAdder();
    private final Timer age;

    StreamMetrics(MeterRegistry registry) {
        this.age = Buckets.timer(
                registry,
                "tatbot.stream.age",
                "Time from the writing of an update, by the writer's clock, to its being written to event streams; once for"
                        + " all streams that are told the same.");
        FunctionCounter.builder("tatbot.stream.written", bytes, LongAdder::doubleValue)
                .description("What clients of event streams have taken.")
                .baseUnit("bytes")
                .register(registry);
    }

    @Override
    public void written(int count) {
        bytes.add(count);
    }

    @Override
    public void told(StateChange<?> change) {
        Versioned<? extends Document> value = change.value();
        if (change.cause() == Cause.UPDATED && value != null) {
            FleetMetrics.record(age, value.lastUpdated());
        }
    }
}
