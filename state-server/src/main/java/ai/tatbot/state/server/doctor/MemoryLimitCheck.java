package ai.tatbot.state.server.doctor;

/** Whether Redis has a limit of its own, before the system kills something. */
final class MemoryLimitCheck extends Check {
    MemoryLimitCheck() {
        super(Part.REDIS, "memory limit");
    }

    @Override
    Result examine(Examination examination) {
        long limit = examination.info().requiredNumber("maxmemory");
        return (limit > 0
                        ? Result.ok(Words.bytes(limit))
                        : Result.warn(
                                "none: Redis may take all memory of its machine, until the system kills it",
                                "CONFIG SET maxmemory 100mb, and the same line in redis.conf; a fleet needs a few megabytes."))
                .with("maxmemory", limit);
    }
}
