package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.show.Text;

/** Whether Redis has thrown something away. */
final class EvictedKeysCheck extends Check {
    EvictedKeysCheck() {
        super(Part.REDIS, "evicted keys");
    }

    @Override
    Result examine(Examination examination) {
        long evicted = examination.info().requiredNumber("evicted_keys");
        return (evicted == 0
                        ? Result.ok("none since Redis started")
                        : Result.warn(
                                Text.count(evicted, "key") + " deleted for want of memory since Redis started",
                                "State was lost. See eviction policy and memory; then CONFIG RESETSTAT, so that new ones show."))
                .with("evicted_keys", evicted);
    }
}
