package ai.tatbot.state.client.async;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes stages away from the thread of the connection, so that what depends on them may take its time. One thread does it for
 * all, in order, as long as nothing that it runs blocks; then another takes its place. Thread-safe.
 */
final class Completions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Executor executor;
    private final @Nullable ExecutorService own;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Drain> current = new AtomicReference<>();
    /** As the last look found it. */
    private @Nullable Drain seen;

    private long seenDone;

    /** @param executor where to do it; null for threads of its own */
    Completions(@Nullable Executor executor) {
        if (executor == null) {
            own = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "tatbot-async-" + NUMBER.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
            this.executor = own;
        } else {
            own = null;
            this.executor = executor;
        }
    }

    /** Has it run, behind what is to be run already. */
    void run(Runnable task) {
        tasks.add(task);
        if (current.get() == null) {
            start();
        }
    }

    private void start() {
        Drain drain = new Drain();
        if (current.compareAndSet(null, drain)) {
            execute(drain);
        }
    }

    private void execute(Drain drain) {
        try {
            executor.execute(drain);
        } catch (RuntimeException | Error e) {
            // Nobody is to wait for ever because an executor was shut down too early, or fails.
            LOG.debug("the executor did not take a task: {}", e.getMessage());
            drain.run();
        }
    }

    /** To be called now and then, by one thread: whoever has been stuck since the last call is replaced. */
    void look() {
        Drain now = current.get();
        if (now != null && now == seen && now.started.get() && now.done == seenDone && !tasks.isEmpty()) {
            Drain fresh = new Drain();
            if (current.compareAndSet(now, fresh)) {
                execute(fresh);
            }
        }
        seen = now;
        seenDone = now == null ? 0 : now.done;
    }

    /** Runs what there is still to run, on this thread if need be, and ends. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
        if (current.get() == null) {
            start();
        }
    }

    private final class Drain implements Runnable {
        private final AtomicBoolean started = new AtomicBoolean();
        private volatile long done;

        @Override
        public void run() {
            if (!started.compareAndSet(false, true)) {
                // The executor has both taken and refused it.
                return;
            }
            do {
                drain();
            } while (current.compareAndSet(this, null) && !tasks.isEmpty() && current.compareAndSet(null, this));
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // only one thread runs it
        private void drain() {
            while (current.get() == this) {
                Runnable task = tasks.poll();
                if (task == null) {
                    return;
                }
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.warn("completing a stage failed", e);
                }
                done++;
            }
        }
    }
}
