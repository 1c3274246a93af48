package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.StateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.exceptions.JedisException;

/** Runs writers, each in a thread of its own, until they are to stop. */
final class Pace {
    /** What a robot does when it meets a failure: go on, but not at full speed. */
    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Violations violations;
    private final int pauseMicros;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Pace(Violations violations, int pauseMicros) {
        this.violations = violations;
        this.pauseMicros = pauseMicros;
    }

    /** Calls it again and again. A {@link StateException} is expected, or a {@link JedisException} where that is used; else it is wrong. */
    void run(String name, long seed, Runnable once) {
        run(name, seed, once, pauseMicros);
    }

    /** As {@link #run}, without a pause. */
    void runFast(String name, Runnable once) {
        run(name, 0, once, 0);
    }

    private void run(String name, long seed, Runnable once, int longestPauseMicros) {
        Random random = new Random(seed);
        Thread thread = new Thread(
                () -> {
                    while (!stopped) {
                        long pause = longestPauseMicros == 0 ? 0 : random.nextInt(longestPauseMicros) * 1_000L;
                        try {
                            once.run();
                        } catch (StateException | JedisException e) {
                            pause = AFTER_FAILURE_NANOS;
                        } catch (Throwable e) {
                            violations.add(name + " got " + e);
                            return;
                        }
                        if (pause > 0) {
                            LockSupport.parkNanos(pause);
                        }
                    }
                },
                "chaos-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            if (thread.isAlive()) {
                violations.add(thread.getName() + " is stuck");
            }
        }
    }
}
