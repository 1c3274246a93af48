package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.SessionTakeover;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two writers of one session, of which each is cut off, frozen, thawed, taken over from and reaped at random: exactly one owns the
 * session at any time, and nothing of the other is ever visible. A random number names the schedules; set {@code
 * -Dtatbot.test.seed} to see the same again, as far as threads and time allow.
 */
@SuppressWarnings("try") // A reaper is started for what it does, and not asked.
class TwoWritersIT {
    private static final int SCHEDULES = 200;
    private static final int AT_ONCE = 24;
    private static final Duration LEASE = Duration.ofMillis(250);

    @Test
    void exactlyOneOwnsTheSessionWhateverHappens() throws Exception {
        long seed = Long.getLong("tatbot.test.seed", System.nanoTime());
        System.out.println("TwoWritersIT: -Dtatbot.test.seed=" + seed);
        try (RedisServer redis = RedisServer.start();
                Eavesdropper eavesdropper = Eavesdropper.on(redis);
                StateManager eek = StateManager.connect(options(redis, "eek").build());
                StateManager rpi = StateManager.connect(options(redis, "rpi1").build());
                Reaper one = Reaper.start(eek);
                Reaper other = Reaper.start(rpi)) {
            List<Schedule> schedules = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
            try {
                List<Future<Schedule>> running = new ArrayList<>();
                for (int i = 0; i < SCHEDULES; i++) {
                    Random random = new Random(seed + i);
                    running.add(threads.submit(() -> {
                        try (Schedule schedule = new Schedule(redis, random)) {
                            return schedule.play(eek);
                        }
                    }));
                }
                for (Future<Schedule> schedule : running) {
                    schedules.add(schedule.get());
                }
            } catch (ExecutionException e) {
                throw new AssertionError("a schedule of seed " + seed + " failed", e);
            } finally {
                threads.shutdownNow();
            }
            Map<String, List<Event>> published = new ConcurrentHashMap<>();
            eavesdropper.soFar().stream()
                    .map(Log::event)
                    .forEach(event -> published
                            .computeIfAbsent(sessionOf(event), ignored -> new ArrayList<>())
                            .add(event));
            for (Schedule schedule : schedules) {
                schedule.check(published.getOrDefault(schedule.session, List.of()), eek, "seed " + seed);
            }
            assertThat(count(schedules, published, SessionTakeover.class))
                    .as("takeovers")
                    .isGreaterThan(20);
            assertThat(interrupted(published)).as("reaped").isGreaterThan(20);
            assertThat(schedules.stream().filter(schedule -> schedule.refused > 0))
                    .as("schedules with a refused writer")
                    .hasSizeGreaterThan(20);
        }
    }

    private static StateOptions.Builder options(RedisServer redis, String node) {
        return redis.options()
                .nodeId(node)
                .sessionLease(LEASE)
                .reapInterval(Duration.ofMillis(30))
                .problemListener(problem -> {});
    }

    /** On a machine that is busy it may take more than one attempt. */
    private static <T> T persistently(Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.get();
            } catch (StateException e) {
                if (attempt == 50) {
                    throw e;
                }
            }
        }
    }

    private static String sessionOf(Event event) {
        if (event instanceof ProgressUpdate update) {
            return String.valueOf(update.sessionId());
        }
        if (event instanceof SessionStart start) {
            return start.sessionId();
        }
        if (event instanceof SessionTakeover takeover) {
            return takeover.sessionId();
        }
        return event instanceof SessionEnd end ? end.sessionId() : "";
    }

    private static long count(
            List<Schedule> schedules, Map<String, List<Event>> published, Class<? extends Event> type) {
        return schedules.stream()
                .flatMap(schedule -> published.getOrDefault(schedule.session, List.of()).stream())
                .filter(type::isInstance)
                .count();
    }

    private static long interrupted(Map<String, List<Event>> published) {
        return published.values().stream()
                .flatMap(List::stream)
                .filter(event -> event instanceof SessionEnd end && end.reason() == SessionEndReason.INTERRUPTED)
                .count();
    }

    /** One session and its two writers, each behind a network of its own. */
    private static final class Schedule implements AutoCloseable {
        private final Random random;
        private final Writer hog;
        private final Writer ook;
        private final List<String> story = new ArrayList<>();
        private final String session;
        private int refused;

        Schedule(RedisServer redis, Random random) {
            this.random = random;
            this.hog = new Writer(redis, "hog");
            this.ook = new Writer(redis, "ook");
            StrokeSession started = persistently(() -> hog.state.startStrokeSession(Samples.tattoo()));
            hog.session = started;
            this.session = started.id();
        }

        Schedule play(StateManager eek) {
            int steps = 6 + random.nextInt(10);
            for (int i = 1; i <= steps; i++) {
                step(random.nextBoolean() ? hog : ook, i);
            }
            hog.proxy.release();
            ook.proxy.release();
            hog.update(100);
            ook.update(101);
            // Both crash. Whoever still owned the session loses it now.
            hog.close();
            ook.close();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !stored(eek).value().isExecuting());
            return this;
        }

        private void step(Writer writer, int step) {
            int dice = random.nextInt(100);
            String what = dice < 50
                    ? writer.update(step)
                    : dice < 62
                            ? writer.hold(random)
                            : dice < 72
                                    ? writer.release()
                                    : dice < 80 ? writer.cut() : dice < 95 ? writer.takeOver(session) : pause();
            story.add(writer.node + " " + what);
            if (what.contains("CONFLICT")) {
                refused++;
            }
        }

        /** As long as it takes for a lease to run out, or nearly. */
        private String pause() {
            Duration span = LEASE.plusMillis(random.nextInt(200));
            long begin = System.nanoTime();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> System.nanoTime() - begin >= span.toNanos());
            return "waited " + span.toMillis() + " ms";
        }

        private Versioned<StrokeProgress> stored(StateManager eek) {
            return eek.strokeProgress(session).orElseThrow();
        }

        /** What everyone could see: what was published, in the order of Redis, and what is stored in the end. */
        void check(List<Event> events, StateManager eek, String seed) {
            String told = seed + ": " + session + "\n" + String.join("\n", story) + "\n" + events;
            assertThat(events).as(told).isNotEmpty();
            assertThat(events.get(0)).as(told).isInstanceOf(SessionStart.class);
            String owner = events.get(0).nodeId();
            long fence = 1;
            long rev = Objects.requireNonNull(events.get(0).rev());
            boolean ended = false;
            for (Event event : events.subList(1, events.size())) {
                assertThat(ended).as("nothing after the end; " + told).isFalse();
                assertThat(event.rev())
                        .as("every revision once, in order; " + told)
                        .isEqualTo(rev + 1);
                rev++;
                if (event instanceof SessionTakeover takeover) {
                    assertThat(takeover.fence()).as(told).isEqualTo(fence + 1);
                    assertThat(takeover.previousNodeId()).as(told).isEqualTo(owner);
                    fence++;
                    owner = takeover.nodeId();
                } else {
                    assertThat(event.nodeId())
                            .as("only its owner writes; " + told)
                            .isEqualTo(owner);
                    ended = event instanceof SessionEnd;
                }
            }
            assertThat(ended).as(told).isTrue();
            Versioned<StrokeProgress> last = stored(eek);
            assertThat(last.rev()).as(told).isEqualTo(rev);
            assertThat(last.value().nodeId()).as(told).isEqualTo(owner);
            // The fence counts a takeover and the end; the takeover of a writer by itself, too.
            assertThat(eek.contents(last.key(), 1).orElseThrow().fields().get("fence"))
                    .as(told)
                    .asString()
                    .isEqualTo(Long.toString(fence + 1));
            List<HistoryEntry> history = eek.strokeHistory(session, 1_000);
            assertThat(history.stream().map(HistoryEntry::rev))
                    .as(told)
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(history.stream().map(HistoryEntry::nodeId))
                    .as(told)
                    .containsExactlyElementsOf(
                            events.stream().map(Event::nodeId).toList());
        }

        @Override
        public void close() {
            hog.close();
            ook.close();
        }
    }

    /** A process that writes, as far as its network lets it. */
    private static final class Writer implements AutoCloseable {
        private final String node;
        private final Proxy proxy;
        private final StateManager state;
        private @Nullable StrokeSession session;

        Writer(RedisServer redis, String node) {
            this.node = node;
            this.proxy = Proxy.to(redis.port());
            // Impatient, so that a network that is held up costs the test little.
            StateOptions impatient = options(redis, node)
                    .port(proxy.port())
                    .connectTimeout(Duration.ofMillis(200))
                    .timeout(Duration.ofMillis(120))
                    .retryAttempts(1)
                    .build();
            this.state = persistently(() -> StateManager.connect(impatient));
        }

        String update(int step) {
            StrokeSession own = session;
            return own == null ? "has no session" : attempt("updates to " + step, () -> own.update(step, step));
        }

        String takeOver(String id) {
            return attempt("takes over", () -> session = state.takeOverSession(id));
        }

        String hold(Random random) {
            switch (random.nextInt(3)) {
                case 0 -> proxy.hold(Proxy.Direction.TO_SERVER);
                case 1 -> proxy.hold(Proxy.Direction.TO_CLIENT);
                default -> proxy.hold();
            }
            return "is held up";
        }

        String release() {
            proxy.release();
            return "is released";
        }

        String cut() {
            proxy.cut();
            return "is cut off";
        }

        private static String attempt(String what, Runnable action) {
            try {
                action.run();
                return what;
            } catch (StateException e) {
                assertThat(e.reason()).isIn(Reason.CONFLICT, Reason.TIMEOUT, Reason.UNAVAILABLE, Reason.CLOSED);
                return what + ": " + e.reason();
            }
        }

        @Override
        public void close() {
            proxy.close();
            state.close();
        }
    }
}
