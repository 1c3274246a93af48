package ai.tatbot.state.server.doctor;

import java.util.List;

/** How long an update takes from its writer's call to a viewer's mirror. */
final class DeliveryCheck extends Check {
    /** A person sees no difference up to here, and a robot loop of 10 Hz has 20 times as long. */
    private static final long SLOW_MICROS = 5_000;

    DeliveryCheck() {
        super(Part.REHEARSAL, "update to viewer");
    }

    @Override
    Result examine(Examination examination) {
        List<Long> deliveries = examination.rehearsal().play().deliveries();
        if (deliveries.isEmpty()) {
            return Result.fail("no update arrived in time", "See the line on messages.");
        }
        Latencies latencies =
                Latencies.ofNanos(deliveries.stream().mapToLong(Long::longValue).toArray());
        String found = "half of " + latencies.count() + " updates seen within " + Words.micros(latencies.micros(50))
                + ", 99 % within " + Words.micros(latencies.micros(99)) + ", the slowest after "
                + Words.micros(latencies.maxMicros());
        return (latencies.micros(50) <= SLOW_MICROS
                        ? Result.ok(found)
                        : Result.warn(
                                found,
                                "See the line on latency: an update takes a round trip, and half of one to the viewer."))
                .with(latencies);
    }
}
