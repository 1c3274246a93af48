package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Key;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When time to live, lease and index entry were last renewed, by key. They are renewed well before they run out, not with
 * every write, which would cost as much as the write itself.
 */
final class Renewals {
    /** A tool that writes many keys must not grow without bound; forgetting costs one renewal each. */
    private static final int MOST = 10_000;

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanoTime;
    private final Map<Key<?>, Long> last = new ConcurrentHashMap<>();

    Renewals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isDue(DocumentWrite<?> write) {
        Long before = last.get(write.key);
        boolean ends = write.fence != null && write.fence.ends();
        return before == null || ends || nanoTime.getAsLong() - before >= interval(write);
    }

    void done(DocumentWrite<?> write) {
        if (write.fence != null && write.fence.ends()) {
            last.remove(write.key);
            return;
        }
        if (last.size() >= MOST) {
            last.clear();
        }
        last.put(write.key, nanoTime.getAsLong());
    }

    /** A tenth of the time to live, a third of the lease, at most half a minute; in nanoseconds. */
    private static long interval(DocumentWrite<?> write) {
        long interval = Math.min(LONGEST, write.key.kind().ttl().orElseThrow().toNanos() / 10);
        return write.fence == null
                ? interval
                : Math.min(interval, write.fence.lease().toNanos() / 3);
    }
}
