package ai.tatbot.state.server.show;

import ai.tatbot.state.client.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The condition of a watch in words. */
public final class ConditionText {
    private ConditionText() {}

    /** Such as {@code live}, or {@code stale since 2.1 s, reconnecting (attempt 3), next try in 0.3 s}. */
    public static String of(WatchStatus status, Instant now) {
        return switch (status.condition()) {
            case LIVE -> "live";
            case STALE -> status.asOf() == null ? "reading" : stale(status.asOf(), now);
            case RECONNECTING ->
                (status.asOf() == null ? "" : stale(status.asOf(), now) + ", ") + "reconnecting (attempt "
                        + status.attempt() + "), " + nextTry(status.nextTry(), now);
            case CLOSED -> "closed";
        };
    }

    private static String stale(Instant asOf, Instant now) {
        return "stale since " + seconds(Duration.between(asOf, now));
    }

    private static String nextTry(@Nullable Instant at, Instant now) {
        return at == null || !at.isAfter(now) ? "trying now" : "next try in " + seconds(Duration.between(now, at));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", Math.max(0, time.toMillis()) / 1_000.0);
    }
}
