package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether what Redis holds survives its restart. */
final class PersistenceCheck extends Check {
    private static final String ADVICE =
            "CONFIG SET appendonly yes, and in redis.conf appendonly yes and appendfsync everysec.";

    PersistenceCheck() {
        super(Part.REDIS, "persistence");
    }

    @Override
    Result examine(Examination examination) {
        InfoText info = examination.info();
        if (info.requiredNumber("aof_enabled") == 1) {
            if (mayNotReadItsLog(examination)) {
                return Result.fail(
                        "append-only file, but the user default may not do what is in it: of what was written in scripts and"
                                + " transactions Redis drops all when it starts (redis/redis#14541)",
                        "ACL SETUSER default off resetpass ~* &* +@all, then ACL SAVE: nobody can log in as it, and it may do"
                                + " everything.");
            }
            return Result.ok("append-only file: what was acknowledged a second ago survives a power cut")
                    .with("kind", "aof");
        }
        Optional<String> rules = snapshotRules(examination);
        if (rules.map(text -> !text.isBlank()).orElseGet(() -> hasSaved(examination))) {
            return Result.warn(
                            "snapshots only: a power cut loses what was written since the last one, "
                                    + Words.span(sinceLastSave(examination)) + " ago",
                            ADVICE)
                    .with("kind", "rdb");
        }
        return Result.fail(
                        rules.isPresent()
                                ? "none: when Redis ends, everything is lost"
                                : "no append-only file, and no snapshot since Redis started "
                                        + Words.span(Duration.ofSeconds(info.numberOrZero("uptime_in_seconds")))
                                        + " ago: a power cut now loses everything",
                        ADVICE)
                .with("kind", "none");
    }

    /** Redis reads its log as the user default, and asks what that may do. Only an administrator may see that. */
    private static boolean mayNotReadItsLog(Examination examination) {
        try {
            @Nullable
            Object reply = examination
                    .redis()
                    .call(
                            "asking what the user default may do",
                            "ACL",
                            "DRYRUN",
                            "default",
                            "HSET",
                            "key",
                            "field",
                            "");
            return reply != null && !reply.equals("OK");
        } catch (StateException e) {
            // No right to ask, or a Redis that cannot be asked.
            return false;
        }
    }

    /** Which only an administrator may see. */
    private static Optional<String> snapshotRules(Examination examination) {
        try {
            @Nullable Object reply = examination.redis().call("asking for the snapshots", "CONFIG", "GET", "save");
            return reply instanceof List<?> list && list.size() == 2
                    ? Optional.of(String.valueOf(list.get(1)))
                    : Optional.empty();
        } catch (StateException e) {
            if (RawConnection.lacksRight(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean hasSaved(Examination examination) {
        InfoText info = examination.info();
        if (info.number("rdb_saves").isPresent()) {
            return info.numberOrZero("rdb_saves") > 0;
        }
        // Before 7.0: the time of the last save begins with the start of the server.
        long start = examination.redisTime().getEpochSecond() - info.numberOrZero("uptime_in_seconds");
        return info.numberOrZero("rdb_last_save_time") > start + 2;
    }

    private static Duration sinceLastSave(Examination examination) {
        long saved = examination.info().numberOrZero("rdb_last_save_time");
        return Duration.ofSeconds(Math.max(0, examination.redisTime().getEpochSecond() - saved));
    }
}
