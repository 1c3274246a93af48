package ai.tatbot.state.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a {@link StateWatch} can be relied upon at one moment.
 *
 * @param condition in short
 * @param since when that began
 * @param asOf everything that was published until then has been received; null before the first snapshot
 * @param attempt number of the attempt to connect, counted from 1; 0 while connected
 * @param nextTry when the next attempt begins; null while connected, or while an attempt is under way
 * @param reason what went wrong last, for people; null while live
 */
public record WatchStatus(
        Condition condition,
        Instant since,
        @Nullable Instant asOf,
        int attempt,
        @Nullable Instant nextTry,
        @Nullable String reason) {
    /** How old what the watch shows may be while it is {@link Condition#LIVE}. */
    public static final Duration LIVE_WITHIN = Duration.ofMillis(500);

    /** Whether what it shows is at most {@link #LIVE_WITHIN} old. */
    public boolean isLive() {
        return condition == Condition.LIVE;
    }

    /** In words, such as {@code stale since 2 s}. */
    public String text(Instant now) {
        String words = switch (condition) {
            case LIVE -> "live";
            case STALE -> asOf == null ? "reading" : "stale since " + seconds(asOf, now);
            case RECONNECTING ->
                (asOf == null ? "not connected" : "stale since " + seconds(asOf, now)) + ", reconnecting (attempt "
                        + attempt + ")";
            case CLOSED -> "closed";
        };
        return words;
    }

    private static String seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds()) + " s";
    }

    /** Conditions of a watch. */
    public enum Condition {
        /** What it shows is at most {@link #LIVE_WITHIN} old: Redis has proved that no longer ago. */
        LIVE,
        /** Connected, but Redis has not answered lately, or a snapshot is being read. */
        STALE,
        /** The connection is gone, or there has been none yet. */
        RECONNECTING,
        /** Closed by the program, or with its manager. */
        CLOSED
    }
}
