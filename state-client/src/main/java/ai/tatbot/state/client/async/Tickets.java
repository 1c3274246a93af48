package ai.tatbot.state.client.async;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be under way. Each has a ticket from before it is sent until it is completed; who finds none waits in one line,
 * a thread or a position alike. Thread-safe.
 */
final class Tickets {
    private final int most;
    private final Deque<Waiter> line = new ArrayDeque<>();
    private int taken;

    Tickets(int most) {
        this.most = most;
    }

    /** Takes one, if there is one and nobody has waited for it longer. */
    synchronized boolean tryTake() {
        if (taken >= most || !line.isEmpty()) {
            return false;
        }
        taken++;
        return true;
    }

    /** Takes one though there may be none: for what must not be overtaken. */
    synchronized void force() {
        taken++;
    }

    /**
     * Waits for one.
     *
     * @return whether it was had in time; if not, or if the thread was interrupted, none is taken
     */
    boolean await(long nanos) {
        Waiter waiter;
        synchronized (this) {
            if (tryTake()) {
                return true;
            }
            waiter = new Waiter(null);
            line.add(waiter);
        }
        boolean had = false;
        try {
            had = waiter.granted.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Once it is out of the line it has a ticket, in time or not.
        return had || !leave(waiter);
    }

    private synchronized boolean leave(Waiter waiter) {
        return line.remove(waiter);
    }

    /** Has this called with a ticket as soon as there is one, on the thread that gives it back. */
    void await(Runnable granted) {
        synchronized (this) {
            if (!tryTake()) {
                line.add(new Waiter(granted));
                return;
            }
        }
        granted.run();
    }

    /** Gives one back. */
    void release() {
        Waiter next;
        synchronized (this) {
            next = taken <= most ? line.poll() : null;
            if (next == null) {
                taken--;
            }
        }
        if (next != null) {
            next.grant();
        }
    }

    /** How many are taken. */
    synchronized int taken() {
        return taken;
    }

    private static final class Waiter {
        private final CountDownLatch granted = new CountDownLatch(1);
        private final @Nullable Runnable task;

        Waiter(@Nullable Runnable task) {
            this.task = task;
        }

        void grant() {
            granted.countDown();
            if (task != null) {
                task.run();
            }
        }
    }
}
