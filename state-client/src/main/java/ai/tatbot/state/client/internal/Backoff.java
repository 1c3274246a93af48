package ai.tatbot.state.client.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with full jitter: before attempt n a random wait between nothing and {@code first * 2^n}, at most
 * {@code cap}, so that many clients that lost the same server do not return in step.
 */
final class Backoff {
    private final long firstNanos;
    private final long capNanos;

    Backoff(Duration first, Duration cap) {
        this.firstNanos = first.toNanos();
        this.capNanos = cap.toNanos();
    }

    /** How long to wait before this attempt, counted from 1. */
    Duration before(int attempt) {
        int doublings = Math.min(attempt - 1, 30);
        long ceiling = firstNanos > capNanos >> doublings ? capNanos : firstNanos << doublings;
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(Math.max(1, ceiling) + 1));
    }
}
