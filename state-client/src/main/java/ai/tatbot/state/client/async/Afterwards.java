package ai.tatbot.state.client.async;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What is to be done once a monitor is left: completing a stage may run code of the caller's, which must not hold up who else wants
 * the monitor. Thread-safe.
 */
final class Afterwards {
    private final Object monitor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    Afterwards(Object monitor) {
        this.monitor = monitor;
    }

    void add(Runnable task) {
        tasks.add(task);
    }

    /** Does it, unless this thread holds the monitor still: then it calls this again when it has left. */
    void run() {
        if (!tasks.isEmpty() && !Thread.holdsLock(monitor)) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }
}
