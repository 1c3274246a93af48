package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.faultkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Many schedules, several at a time; says how far it is. */
final class Campaign {
    private final Queue<Long> seeds;
    private final int total;
    private final long beginNanos = System.nanoTime();
    private final List<Chaos.Result> bad = new CopyOnWriteArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicLong live = new AtomicLong();
    private final AtomicLong all = new AtomicLong();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();

    Campaign(List<Long> seeds) {
        this.seeds = new ConcurrentLinkedQueue<>(seeds);
        this.total = seeds.size();
    }

    /** Runs them all; returns the bad ones, which it has also printed. */
    List<Chaos.Result> run(int lanes) throws InterruptedException {
        // Before the lanes: whoever asks for a logger while the first is being made gets a substitute.
        LoggerFactory.getILoggerFactory();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(lanes, total); i++) {
            Thread thread = new Thread(this::lane, "chaos-lane-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!broken.isEmpty()) {
            throw new IllegalStateException("the run broke down", broken.get(0));
        }
        return bad;
    }

    /** How many schedules have ended. */
    int done() {
        return done.get();
    }

    /** How large a part of the times a mirror that was asked was live. */
    double livePart() {
        return all.get() == 0 ? 0 : (double) live.get() / all.get();
    }

    private void lane() {
        try (RedisServer redis = Chaos.startRedis()) {
            for (Long seed = seeds.poll(); seed != null && broken.isEmpty(); seed = seeds.poll()) {
                Chaos.Result result = Chaos.run(redis, seed);
                live.addAndGet(result.live());
                all.addAndGet(result.all());
                if (!result.isGood()) {
                    bad.add(result);
                    say(result.toString());
                }
                done.incrementAndGet();
                progress();
            }
        } catch (Throwable e) {
            broken.add(e);
        }
    }

    private void progress() {
        int ended = done.get();
        Duration left = Duration.ofNanos((System.nanoTime() - beginNanos) / ended * (total - ended));
        say(String.format(
                "%d of %d schedules, %d violated, mirrors live %.0f %% of the times, %d min %02d s left",
                ended, total, bad.size(), 100 * livePart(), left.toMinutes(), left.toSecondsPart()));
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
