package ai.tatbot.state.client.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The sessions of a publisher that run, and whose lease must be kept though they stand still, paused perhaps, lest they be taken
 * for ones whose writer has died. Of the sender's thread.
 */
final class PublishLeases {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Renewals renewals;
    private final LongSupplier nanoTime;
    private final long interval;
    private final Set<PublishSession> live = new LinkedHashSet<>();
    private long lastLook;

    PublishLeases(Renewals renewals, Duration lease, LongSupplier nanoTime) {
        this.renewals = renewals;
        this.nanoTime = nanoTime;
        this.interval = Math.min(LONGEST.toNanos(), lease.toNanos() / 8);
        this.lastLook = nanoTime.getAsLong();
    }

    /** Something of a session was stored: its start, its end, or what comes in between. */
    void stored(PublishSession session) {
        if (session.isLive()) {
            live.add(session);
        } else {
            live.remove(session);
        }
    }

    void lost(PublishSession session) {
        live.remove(session);
    }

    /** The sessions to be written again now. Looks no more often than need be. */
    List<PublishSession> due() {
        long now = nanoTime.getAsLong();
        if (live.isEmpty() || now - lastLook < interval) {
            return List.of();
        }
        lastLook = now;
        live.removeIf(session -> !session.isLive());
        List<PublishSession> due = new ArrayList<>();
        for (PublishSession session : live) {
            if (renewals.isDue(session.sample())) {
                due.add(session);
            }
        }
        return due;
    }

    /** How long nobody need look, in nanoseconds; also if there is nothing to be kept. */
    long longestSleep() {
        return live.isEmpty() ? LONGEST.toNanos() : interval;
    }
}
