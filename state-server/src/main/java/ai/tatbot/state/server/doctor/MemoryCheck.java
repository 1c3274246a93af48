package ai.tatbot.state.server.doctor;

/** How much memory is left. */
final class MemoryCheck extends Check {
    /** Writes still succeed; there is time to look for what grows. */
    private static final double NEAR = 0.80;

    /** A burst of history entries, or of slow subscribers' buffers, fills the rest. */
    private static final double FULL = 0.95;

    MemoryCheck() {
        super(Part.REDIS, "memory");
    }

    @Override
    Result examine(Examination examination) {
        InfoText info = examination.info();
        // What Redis itself compares with its limit: without the buffers of replicas and of the append-only file.
        long used = info.requiredNumber("used_memory") - info.numberOrZero("mem_not_counted_for_evict");
        long limit = info.requiredNumber("maxmemory");
        boolean own = limit > 0;
        if (!own) {
            limit = info.requiredNumber("total_system_memory");
        }
        if (limit <= 0) {
            throw new NotCheckedException("there is no limit to compare with");
        }
        double part = used / (double) limit;
        String found = Words.bytes(used) + " of " + Words.bytes(limit) + (own ? "" : ", all that its machine has,")
                + " in use (" + Words.percent(part) + ")";
        String advice = "Find what grows (redis-cli --bigkeys), or raise maxmemory. At 100 % every write is refused.";
        Result result = part >= FULL
                ? Result.fail(found, advice)
                : part >= NEAR ? Result.warn(found, advice) : Result.ok(found);
        return result.with("used", used).with("limit", limit);
    }
}
