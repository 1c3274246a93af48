package ai.tatbot.state.client.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be published, in order. A position that waits takes the value of the next one of its key, unless a transition
 * of that key has come between; so it holds one position of a key, and one more for each transition. Of transitions it takes a
 * bounded number.
 *
 * <p>Those who offer take no lock, never wait, and wake the sender only if it has been idle for long.
 */
final class PublishQueue {
    private final Queue<PublishItem> items = new ConcurrentLinkedQueue<>();
    private final int mostTransitions;
    private final AtomicInteger transitions = new AtomicInteger();
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong conflated = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong ignored = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile @Nullable Thread sender;
    private volatile boolean closed;

    PublishQueue(int mostTransitions) {
        this.mostTransitions = mostTransitions;
    }

    /** Puts in a position, or replaces the one of its key that waits. False if closed. */
    <V> boolean offer(PublishKey<V> key, V value) {
        if (closed) {
            ignore();
            return false;
        }
        offered.incrementAndGet();
        PublishDocument<V> open = key.open;
        if (open != null && open.replace(value)) {
            conflated.incrementAndGet();
            return true;
        }
        PublishDocument<V> item = new PublishDocument<>(key, value, true, false);
        key.open = item;
        put(item);
        return true;
    }

    /** Puts in a position that tells a transition too. If there is no more room for those, it is a position only. */
    <V> boolean offerTurn(PublishKey<V> key, V value) {
        if (closed || !reserve()) {
            return offer(key, value);
        }
        offered.incrementAndGet();
        key.open = null;
        put(new PublishDocument<>(key, value, true, true));
        return true;
    }

    /** Puts in a transition of a key, behind its positions. False if closed, or if too many wait. */
    <V> boolean turn(PublishKey<V> key, V value) {
        if (isClosed() || !reserve()) {
            return false;
        }
        key.open = null;
        put(new PublishDocument<>(key, value, false, true));
        return true;
    }

    /** Puts in a transition without a key. False if closed, or if too many wait. */
    boolean append(PublishEvent event) {
        if (isClosed() || !reserve()) {
            return false;
        }
        put(event);
        return true;
    }

    /** Puts in a marker. */
    void mark(PublishMarker marker) {
        put(marker);
    }

    /** Takes out a marker that nobody waits for any more. */
    void withdraw(PublishMarker marker) {
        items.remove(marker);
    }

    /** Counts something that came too late to be published. */
    void ignore() {
        ignored.incrementAndGet();
    }

    private boolean isClosed() {
        if (closed) {
            ignore();
        }
        return closed;
    }

    private boolean reserve() {
        if (transitions.incrementAndGet() > mostTransitions) {
            transitions.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    private void put(PublishItem item) {
        items.add(item);
        wake();
    }

    /** Wakes the sender if it sleeps deeply. */
    void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(sender);
        }
    }

    /** From now on nothing goes in. */
    void close() {
        closed = true;
    }

    long offered() {
        return offered.get();
    }

    long conflated() {
        return conflated.get();
    }

    long refused() {
        return refused.get();
    }

    long ignored() {
        return ignored.get();
    }

    /** Transitions that are not settled: they wait, or are on their way. */
    int transitions() {
        return transitions.get();
    }

    // ---- of the sender

    @Nullable
    PublishItem peek() {
        return items.peek();
    }

    /** Removes what {@link #peek} has shown, and only that: it may have been withdrawn meanwhile. */
    void remove(PublishItem item) {
        items.remove(item);
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** A position gave way to a newer one after it had been sent. */
    void conflate() {
        conflated.incrementAndGet();
    }

    /** A transition is settled, and its place is free. */
    void release() {
        transitions.decrementAndGet();
    }

    /** Sleeps this long, or until something is put in. */
    void sleep(long nanos) {
        sender = Thread.currentThread();
        asleep.set(true);
        if (items.isEmpty() && !closed) {
            LockSupport.parkNanos(this, nanos);
        }
        asleep.set(false);
    }
}
