package ai.tatbot.state.server.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something every so often on a daemon thread, until it is closed. */
final class Ticker implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** Begins: does it at once, then after every interval. */
    Ticker(String name, Duration interval, Runnable task) {
        this.thread = new Thread(
                () -> {
                    try {
                        do {
                            task.run();
                        } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "tatbot-demo-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends it; waits for a run under way. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
