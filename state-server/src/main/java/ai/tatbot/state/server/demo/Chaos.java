package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.server.redis.PrivateRedis;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pulls the plug of a private Redis every few seconds, and puts it back. Begins calm. Thread-safe; while calm the thread sleeps,
 * and Redis is there.
 */
final class Chaos implements AutoCloseable {
    private static final long CALM_WITHIN_MILLIS = 15_000;

    private final PrivateRedis redis;
    private final ChaosPlan plan;
    private final Consumer<String> news;
    private final Thread thread;

    // All belongs to the lock of this.
    private boolean wanted;
    private boolean closed;
    private @Nullable Fault away;
    private long sinceNanos;
    private int pulls;
    private @Nullable StateException failure;

    /** @param news told in words when the plug is pulled, and when it is back */
    Chaos(PrivateRedis redis, long seed, Consumer<String> news) {
        this.redis = redis;
        this.plan = new ChaosPlan(seed);
        this.news = news;
        this.thread = new Thread(this::run, "tatbot-demo-chaos");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to pull. */
    synchronized void begin() {
        wanted = true;
        notifyAll();
    }

    /**
     * Ends it, and waits until Redis is back.
     *
     * @throws StateException if it does not come back
     */
    synchronized void calm() throws InterruptedException {
        wanted = false;
        notifyAll();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CALM_WITHIN_MILLIS);
        while (away != null && thread.isAlive() && failure == null && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.timedWait(this, 100);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** How often the plug was pulled so far. */
    synchronized int pulls() {
        return pulls;
    }

    /** What is the matter with Redis now, in words. */
    synchronized String text() {
        Fault now = away;
        if (now == null) {
            return "plugged in; pulled " + pulls + (pulls == 1 ? " time" : " times");
        }
        return "pulled: Redis " + now.words() + " " + since() + " ago";
    }

    private String since() {
        return Text.span(Duration.ofNanos(System.nanoTime() - sinceNanos));
    }

    private void run() {
        try {
            while (awaitWanted()) {
                ChaosPlan.Pull pull = plan.next();
                if (lasts(pull.before())) {
                    pull(pull);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StateException e) {
            synchronized (this) {
                failure = e;
                notifyAll();
            }
            news.accept(e.getMessage());
        }
    }

    private synchronized boolean awaitWanted() throws InterruptedException {
        while (!wanted && !closed) {
            wait();
        }
        return !closed;
    }

    /** Waits; false if it has become calm meanwhile. */
    private synchronized boolean lasts(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); wanted && !closed && left > 0; left = deadline - System.nanoTime()) {
            // A moment more than nothing, or it would wait for ever.
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(TimeUnit.MILLISECONDS.toNanos(1), left));
        }
        return wanted && !closed;
    }

    private void pull(ChaosPlan.Pull pull) throws InterruptedException {
        synchronized (this) {
            away = pull.fault();
            sinceNanos = System.nanoTime();
            pulls++;
        }
        news.accept("plug pulled: Redis " + pull.fault().words());
        switch (pull.fault()) {
            case KILL -> redis.kill();
            case FREEZE -> redis.freeze();
            case RESTART -> redis.shutDown();
        }
        lasts(pull.away());
        if (pull.fault() == Fault.FREEZE) {
            redis.thaw();
        } else {
            redis.startAgain();
        }
        String after;
        synchronized (this) {
            after = since();
            away = null;
            notifyAll();
        }
        news.accept("plug is back after " + after);
    }

    /** Ends it, with Redis back. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(CALM_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
