package ai.tatbot.state.server.doctor;

/** Whether Redis may throw away live state when its memory is full. */
final class EvictionPolicyCheck extends Check {
    EvictionPolicyCheck() {
        super(Part.REDIS, "eviction policy");
    }

    @Override
    Result examine(Examination examination) {
        String policy = examination.info().required("maxmemory_policy");
        // The volatile ones are no better: every document has a time to live.
        return (policy.equals("noeviction")
                        ? Result.ok("noeviction: when memory is full, writes are refused, and nothing is lost")
                        : Result.fail(
                                Words.safe(policy) + ": when memory is full, Redis silently deletes live state",
                                "CONFIG SET maxmemory-policy noeviction, and the same line in redis.conf."))
                .with("policy", policy);
    }
}
