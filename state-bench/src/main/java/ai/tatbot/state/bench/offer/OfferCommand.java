package ai.tatbot.state.bench.offer;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.PublisherStats;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Measures what offers cost a control loop, outages included. */
@Command(
        name = "offer",
        description = "Measures a 1 kHz control loop's offers while Redis is well, frozen, gone, and back.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no target was missed", "1:a target was missed", "2:usage"})
public final class OfferCommand implements Callable<Integer> {
    private static final Pattern POSE = Pattern.compile("\"pose-([0-9]+)\"");

    @Option(names = "--short", description = "Outages of 5 s instead of 30 s.")
    private boolean isShort;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to this file too.")
    private @Nullable Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final List<Phase> phases = new ArrayList<>();
    private final Map<String, Double> restored = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    public OfferCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        int seconds = isShort ? 5 : 30;
        OfferReport report;
        try (ThrowawayRedis redis = ThrowawayRedis.start();
                StateManager state = StateManager.connect(redis.options()
                        .nodeId("bench")
                        .problemListener(problem -> {})
                        .build())) {
            StatePublisher publisher = state.publisher();
            PublishedSession session = publisher.startStrokeSession(100, 108, "tatbotlogo");
            ControlLoop loop = new ControlLoop(publisher, session);
            Thread thread = new Thread(loop, ControlLoop.THREAD);
            thread.setDaemon(true);
            thread.start();
            // The compilers have done their work before anything counts.
            measure(loop, new Phase("warm-up", 10), 10);

            phase(loop, "well", seconds);
            redis.freeze();
            phase(loop, "frozen", seconds);
            back(loop, publisher, redis, "frozen", redis::thaw, seconds);
            redis.kill();
            phase(loop, "gone", seconds);
            back(loop, publisher, redis, "gone", redis::restart, seconds);

            CallerEvents.Found events = record(loop, redis);
            loop.end();
            thread.join();
            if (!publisher.flush(Duration.ofSeconds(10))) {
                throw new IllegalStateException("not everything was stored in the end: " + publisher.stats());
            }
            PublisherStats stats = publisher.stats();
            report = new OfferReport(
                    machine(redis),
                    phases,
                    restored,
                    stats.offered(),
                    stats.sent(),
                    stats.conflated(),
                    loop.exceptions(),
                    events);
        }
        Path target = json;
        if (target != null) {
            Files.writeString(target, report.json());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(report.text());
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        report.misses().forEach(miss -> err.println("offer: " + miss));
        err.flush();
        return report.misses().isEmpty() ? 0 : 1;
    }

    private void phase(ControlLoop loop, String name, int seconds) throws InterruptedException {
        Phase phase = new Phase(name, seconds);
        phase.heapBefore = heapAfterGc();
        measure(loop, phase, seconds);
        phase.heapAfter = heapAfterGc();
        phases.add(phase);
    }

    private static void measure(ControlLoop loop, Phase phase, int seconds) throws InterruptedException {
        loop.enter(phase);
        Thread.sleep(seconds * 1_000L);
        loop.enter(null);
    }

    /** Redis comes back in the middle of a phase, and the time until it knows the latest state is taken. */
    private void back(
            ControlLoop loop,
            StatePublisher publisher,
            ThrowawayRedis redis,
            String outage,
            Restoration restoration,
            int seconds)
            throws IOException, InterruptedException {
        Phase phase = new Phase("back", seconds + 5);
        phase.heapBefore = heapAfterGc();
        loop.enter(phase);
        Thread.sleep(500);
        int newest = loop.newest();
        restoration.run();
        Instant stored = awaitStored(redis, newest);
        Instant connected = null;
        while (connected == null) {
            connected = publisher.stats().connectedSince();
        }
        restored.put(outage, Math.max(0, Duration.between(connected, stored).toNanos() / 1e6));
        Thread.sleep(seconds * 1_000L);
        loop.enter(null);
        phase.heapAfter = heapAfterGc();
        phases.add(phase);
    }

    private static Instant awaitStored(ThrowawayRedis redis, int newest) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < deadline) {
            try (Jedis jedis = redis.jedis()) {
                while (System.nanoTime() < deadline) {
                    String state = jedis.hget("robot:state:bench", "state");
                    Matcher pose = POSE.matcher(state == null ? "" : state);
                    if (pose.find() && isAtLeast(Integer.parseInt(pose.group(1)), newest)) {
                        return Instant.now();
                    }
                    Thread.sleep(1);
                }
            } catch (JedisException e) {
                // Not ready yet
                Thread.sleep(1);
            }
        }
        throw new IllegalStateException("the latest state was not stored within 10 s");
    }

    /** Numbers of states begin anew after the last. */
    private static boolean isAtLeast(int number, int newest) {
        return Math.floorMod(number - newest, ControlLoop.states()) < ControlLoop.states() / 2;
    }

    /** In a pass of its own, since recording costs time. */
    private static CallerEvents.Found record(ControlLoop loop, ThrowawayRedis redis)
            throws IOException, InterruptedException {
        try (CallerEvents events = new CallerEvents()) {
            Phase unused = new Phase("recorded", 10);
            loop.enter(unused);
            Thread.sleep(2_000);
            redis.freeze();
            Thread.sleep(3_000);
            redis.thaw();
            Thread.sleep(1_000);
            loop.enter(null);
            return events.stop();
        }
    }

    private static long heapAfterGc() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String machine(ThrowawayRedis redis) {
        return Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.runtime.version") + ", " + redis.version() + ", loopback";
    }

    /** Brings Redis back. */
    @FunctionalInterface
    private interface Restoration {
        void run() throws IOException, InterruptedException;
    }
}
