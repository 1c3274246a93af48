package ai.tatbot.state.server.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many per second and name, with a burst on top of it: a token bucket for each name. The number of buckets is bounded; names
 * that come when all are in use share one. Thread-safe, and takes no lock.
 */
public final class RateLimiter {
    private static final long SECOND = 1_000_000_000L;

    private final long interval;
    private final long burst;
    private final int mostBuckets;
    private final LongSupplier nanoTime;

    /** For each name the time at which its bucket is full again. */
    private final ConcurrentMap<String, AtomicLong> buckets = new ConcurrentHashMap<>();

    private final AtomicLong shared;
    private final AtomicLong nextSweep;

    /**
     * @param perSecond how many in the long run
     * @param burst how many at once after a pause
     * @param mostBuckets how many names are told apart
     */
    public RateLimiter(int perSecond, int burst, int mostBuckets) {
        this(perSecond, burst, mostBuckets, System::nanoTime);
    }

    RateLimiter(int perSecond, int burst, int mostBuckets, LongSupplier nanoTime) {
        if (perSecond < 1 || burst < 1 || mostBuckets < 1) {
            throw new IllegalArgumentException("all of them must be at least 1");
        }
        this.interval = SECOND / perSecond;
        this.burst = interval * burst;
        this.mostBuckets = mostBuckets;
        this.nanoTime = nanoTime;
        this.shared = new AtomicLong(nanoTime.getAsLong());
        this.nextSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /** Takes one; returns 0, or if there is none, takes nothing and returns the nanoseconds until there will be. */
    public long take(String name) {
        long now = nanoTime.getAsLong();
        AtomicLong bucket = bucket(name, now);
        while (true) {
            long full = bucket.get();
            long next = (full - now > 0 ? full : now) + interval;
            long wait = next - now - burst;
            if (wait > 0) {
                return wait;
            }
            if (bucket.compareAndSet(full, next)) {
                return 0;
            }
        }
    }

    /** How many names it knows now. */
    int size() {
        return buckets.size();
    }

    private AtomicLong bucket(String name, long now) {
        AtomicLong known = buckets.get(name);
        if (known != null) {
            return known;
        }
        if (buckets.size() >= mostBuckets) {
            sweep(now);
            if (buckets.size() >= mostBuckets) {
                return shared;
            }
        }
        return buckets.computeIfAbsent(name, missing -> new AtomicLong(now));
    }

    /** Drops the full ones, for a new one is full, too. Once a second, so that a flood of names does not make it costly. */
    private void sweep(long now) {
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + SECOND)) {
            buckets.values().removeIf(full -> full.get() - now <= 0);
        }
    }
}
