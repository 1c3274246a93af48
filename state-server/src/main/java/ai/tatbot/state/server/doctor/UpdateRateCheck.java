package ai.tatbot.state.server.doctor;

import java.util.Locale;

/** How many updates a second one writer gets done that waits for each. */
final class UpdateRateCheck extends Check {
    /** The robot reports twice a second; a hundred times as much leaves room for a faster loop. Publishers do not wait at all. */
    private static final double SLOW = 200;

    UpdateRateCheck() {
        super(Part.REHEARSAL, "update rate");
    }

    @Override
    Result examine(Examination examination) {
        double rate = examination.rehearsal().play().updatesPerSecond();
        String found = String.format(Locale.ROOT, "%,.0f updates a second, each acknowledged before the next", rate);
        return (rate >= SLOW
                        ? Result.ok(found)
                        : Result.warn(found, "See the line on latency: each update takes a round trip."))
                .with("updates_per_second", Math.round(rate));
    }
}
