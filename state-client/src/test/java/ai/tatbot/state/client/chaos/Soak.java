package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Some writers at a steady rate, some watchers, and a Redis that is killed again and again: does anything grow? */
final class Soak {
    private static final int WRITERS = 8;
    private static final int WATCHERS = 3;
    private static final long KILL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What a heap may grow by without anything being wrong. */
    private static final double GROWTH = 1.2;

    private static final double SLACK_MB = 5;

    private final int minutes;
    private final int rate;
    private final List<Sample> samples = new ArrayList<>();
    private final LongAdder writes = new LongAdder();
    private final LongAdder told = new LongAdder();
    private final AtomicLong kills = new AtomicLong();
    private volatile boolean over;

    /** @param rate updates in a second, in all */
    Soak(int minutes, int rate) {
        this.minutes = minutes;
        this.rate = rate;
    }

    /** Runs it, printing a line each minute; returns what grew. */
    List<String> run() throws InterruptedException {
        System.out.println(
                "minute | updates/s | told/s | heap after GC, MB | threads | file descriptors | Redis connections"
                        + " | Redis memory, MB | kills");
        List<Thread> threads = new ArrayList<>();
        try (RedisServer redis = RedisServer.start("--appendonly", "yes");
                StateManager writer = manager(redis, "hog");
                StateManager reader = manager(redis, "ook")) {
            for (int i = 0; i < WATCHERS; i++) {
                reader.watch(WatchScope.everything()).listen(new WatchListener() {
                    @Override
                    public void onChange(StateChange<?> change) {
                        told.increment();
                    }

                    @Override
                    public void onTransition(StateTransition transition) {
                        told.increment();
                    }
                });
            }
            for (int i = 0; i < WRITERS; i++) {
                String node = "node" + i;
                threads.add(start(() -> write(writer, node)));
            }
            try {
                watchOver(redis);
            } finally {
                over = true;
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }
        return grown();
    }

    private static StateManager manager(RedisServer redis, String nodeId) {
        return StateManager.connect(
                redis.options().nodeId(nodeId).problemListener(problem -> {}).build());
    }

    private static Thread start(Runnable body) {
        Thread thread = new Thread(body, "soak-writer");
        thread.start();
        return thread;
    }

    private void write(StateManager manager, String node) {
        long every = TimeUnit.SECONDS.toNanos(1) * WRITERS / rate;
        long next = System.nanoTime();
        for (int count = 0; !over; count++) {
            try {
                if (count % 1_000 == 0) {
                    manager.reportError("soak", node + " " + count, Map.of());
                } else {
                    manager.updateRobotState(
                            Samples.robot(node).goalTimeSlow(count % 100).build());
                }
                writes.increment();
            } catch (StateException e) {
                // Redis is away, as it is to be.
                next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
            }
            next += every;
            long left = next - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            } else if (left < -TimeUnit.SECONDS.toNanos(1)) {
                // What an outage kept from being written is not made up for.
                next = System.nanoTime();
            }
        }
    }

    private void watchOver(RedisServer redis) throws InterruptedException {
        long begin = System.nanoTime();
        long nextKill = begin + KILL_EVERY_NANOS;
        for (int minute = 1; minute <= minutes; minute++) {
            long end = begin + TimeUnit.MINUTES.toNanos(minute);
            long before = writes.sum();
            long toldBefore = told.sum();
            // Not while it is being killed: a sample is taken some seconds after that.
            while (end - nextKill > TimeUnit.SECONDS.toNanos(5)) {
                sleepUntil(nextKill);
                redis.kill();
                redis.restart();
                kills.incrementAndGet();
                nextKill += KILL_EVERY_NANOS;
            }
            sleepUntil(end);
            samples.add(sample(redis, minute, (writes.sum() - before) / 60, (told.sum() - toldBefore) / 60));
            System.out.println(samples.get(samples.size() - 1).row());
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos - System.nanoTime()));
    }

    private Sample sample(RedisServer redis, int minute, long updates, long toldRate) {
        for (int i = 0; i < 2; i++) {
            System.gc();
        }
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
        return new Sample(
                minute,
                updates,
                toldRate,
                heap,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                fileDescriptors(),
                Integer.parseInt(redis.info("clients", "connected_clients")),
                Long.parseLong(redis.info("memory", "used_memory")) / 1e6,
                kills.get());
    }

    /** Files and sockets that this process has open; 0 where the system does not tell. */
    private static int fileDescriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last third of the samples against the first. The first minute fills caches, and is left out where there are enough. */
    private List<String> grown() {
        int from = samples.size() > 3 ? 1 : 0;
        List<Sample> counted = samples.subList(from, samples.size());
        int third = Math.max(1, counted.size() / 3);
        List<Sample> first = counted.subList(0, third);
        List<Sample> last = counted.subList(counted.size() - third, counted.size());
        List<String> grown = new ArrayList<>();
        double heapBefore = median(first, Sample::heapMb);
        double heapAfter = median(last, Sample::heapMb);
        if (heapAfter > heapBefore * GROWTH + SLACK_MB) {
            grown.add(String.format("heap after GC: %.1f MB, then %.1f MB", heapBefore, heapAfter));
        }
        if (Math.min(heapBefore, heapAfter) <= 0 || samples.stream().anyMatch(sample -> sample.updates == 0)) {
            grown.add("nothing was measured, or nothing was written for a minute");
        }
        // A pool has its connections as they are needed, up to the number of the callers.
        compare("threads", first, last, Sample::threads, grown);
        compare("file descriptors", first, last, Sample::files, grown);
        compare("Redis connections", first, last, Sample::connections, grown);
        return grown;
    }

    private static void compare(
            String what, List<Sample> first, List<Sample> last, ToDoubleFunction<Sample> value, List<String> grown) {
        double before = median(first, value);
        double after = median(last, value);
        if (after > before + WRITERS) {
            grown.add(String.format("%s: %.0f, then %.0f", what, before, after));
        }
    }

    private static double median(List<Sample> some, ToDoubleFunction<Sample> value) {
        double[] sorted = some.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** All samples, as JSON. */
    String json() {
        return samples.stream().map(Sample::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private record Sample(
            int minute,
            long updates,
            long told,
            double heapMb,
            int threads,
            int files,
            int connections,
            double redisMb,
            long kills) {
        String row() {
            return String.format(
                    "%6d | %9d | %6d | %17.1f | %7d | %16d | %17d | %16.1f | %5d",
                    minute, updates, told, heapMb, threads, files, connections, redisMb, kills);
        }

        String json() {
            return String.format(
                    "{\"minute\": %d, \"updates_per_second\": %d, \"told_per_second\": %d, \"heap_after_gc_mb\": %.1f,"
                            + " \"threads\": %d, \"file_descriptors\": %d, \"redis_connections\": %d,"
                            + " \"redis_memory_mb\": %.1f, \"kills\": %d}",
                    minute, updates, told, heapMb, threads, files, connections, redisMb, kills);
        }
    }
}
