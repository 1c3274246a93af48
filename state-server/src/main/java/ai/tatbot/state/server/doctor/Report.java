package ai.tatbot.state.server.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an examination has come to. Immutable.
 *
 * @param at when it began, by this machine's clock
 * @param took how long it took
 * @param node name of this node; null if the configuration is not valid
 * @param address where Redis is; null as well
 * @param unreachable whether Redis is not there, or went away
 * @param findings one for each check, in order
 */
public record Report(
        Instant at,
        Duration took,
        @Nullable String node,
        @Nullable String address,
        boolean unreachable,
        List<Finding> findings) {
    /** How many checks came to this. */
    public long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /** The worst that was found; what was not checked does not count. */
    public Verdict worst() {
        if (count(Verdict.FAIL) > 0) {
            return Verdict.FAIL;
        }
        return count(Verdict.WARN) > 0 ? Verdict.WARN : Verdict.OK;
    }

    /** Whether the configuration can be used. */
    public boolean isConfigured() {
        return node != null;
    }
}
