package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How often what the viewer shows became stale, and how stale at most. Thread-safe. */
final class Outages {
    private int count;
    private Duration longest = Duration.ZERO;
    private boolean wasLive;

    /** Up to when everything was known when the present outage was last looked at; null while live. */
    private @Nullable Instant stale;

    /** Begins anew. An outage that lasts is counted again. */
    synchronized void reset() {
        count = stale == null ? 0 : 1;
        longest = Duration.ZERO;
    }

    /** The watch's condition, now or at a turn. */
    synchronized void status(WatchStatus status, Instant now) {
        if (status.isLive()) {
            if (stale != null) {
                longest(now);
            }
            stale = null;
            wasLive = true;
            return;
        }
        if (wasLive) {
            count++;
            wasLive = false;
        }
        if (status.asOf() != null) {
            stale = status.asOf();
            longest(now);
        }
    }

    private void longest(Instant now) {
        Instant from = stale;
        if (from != null) {
            Duration lasts = Duration.between(from, now);
            longest = lasts.compareTo(longest) > 0 ? lasts : longest;
        }
    }

    /** How often it stopped being live. */
    synchronized int count() {
        return count;
    }

    /** For how long at most nothing was known of what is newer. */
    synchronized Duration longest() {
        return longest;
    }
}
