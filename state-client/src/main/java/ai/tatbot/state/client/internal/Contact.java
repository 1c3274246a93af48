package ai.tatbot.state.client.internal;

import java.time.Duration;

/**
 * Since when a reaper has been in touch with Redis without a break, by Redis' time. After an outage every lease has run out and
 * every heartbeat is late, because nobody could renew anything: whoever lives must be given the time to say so first. Not
 * thread-safe.
 */
final class Contact {
    private final long longestGapMillis;
    private long since = -1;
    private long last = -1;

    /** @param longestGap between two looks that is no break */
    Contact(Duration longestGap) {
        this.longestGapMillis = longestGap.toMillis();
    }

    /** A look at this time of Redis, in milliseconds. */
    void made(long now) {
        if (last < 0 || now - last > longestGapMillis || now < last) {
            since = now;
        }
        last = now;
    }

    /** A look failed. */
    void lost() {
        last = -1;
    }

    /** For how long it has been held at the last look, in milliseconds. */
    long heldMillis() {
        return last - since;
    }

    /** Whether it was broken before the last look. */
    boolean isNew() {
        return last == since;
    }
}
