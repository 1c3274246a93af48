package ai.tatbot.state.client.internal;

import java.time.Duration;

/** How often Redis has refused in a row, and how long to leave it alone after that. Not thread-safe. */
final class Refusals {
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private int inARow;

    /** It has refused once more. Returns how long to wait before the next attempt. */
    Duration next() {
        return backoff.before(++inARow);
    }

    /** It has accepted something. */
    void end() {
        inARow = 0;
    }

    /** Whether it has accepted nothing since it refused last. */
    boolean isRefusing() {
        return inARow > 0;
    }
}
