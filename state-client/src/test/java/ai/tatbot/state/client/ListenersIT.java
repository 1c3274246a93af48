package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateWatch.Registration;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.RobotState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One watch, good listeners and bad: none holds up another, and none fills the memory. */
class ListenersIT {
    private static final int EVENTS = 300;
    private static final int TRANSITIONS = 8;
    private static final int WRITERS = 4;
    private static final int FLOOD = 100_000;
    private static RedisServer redis;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Good good = new Good();
    private final Good alsoGood = new Good();
    private StateManager hog;
    private StateManager ook;
    private StateWatch watch;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void open() throws InterruptedException {
        redis.admin("FLUSHALL");
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        ook = StateManager.connect(
                redis.options().nodeId("ook").problemListener(problems::add).build());
        watch = ook.watch(WatchScope.everything());
        assertThat(watch.awaitLive(Duration.ofSeconds(5))).isTrue();
    }

    @AfterEach
    void close() {
        never.countDown();
        ook.close();
        hog.close();
    }

    @Test
    void goodOnesAreToldAtOnceWhateverTheOthersDo() throws InterruptedException {
        Thrower thrower = new Thrower();
        Sleeper sleeper = new Sleeper();
        watch.listen(thrower);
        watch.listen(sleeper);
        watch.listen(new Stuck());
        watch.listen(good);
        watch.listen(alsoGood);
        List<Long> micros = new ArrayList<>();
        int transitions = 0;
        for (int i = 0; i < EVENTS; i++) {
            int number = i;
            long begin = System.nanoTime();
            hog.updateRobotState(Samples.robot("hog").goalTimeSlow(number).build());
            for (Good one : List.of(good, alsoGood)) {
                micros.add(TimeUnit.NANOSECONDS.toMicros(one.toldOf(number) - begin));
            }
            if (i % (EVENTS / TRANSITIONS) == 1 && transitions < TRANSITIONS) {
                hog.reportError("robot", "error " + transitions++, Map.of());
            }
        }
        List<String> errors =
                IntStream.range(0, TRANSITIONS).mapToObj(i -> "error " + i).toList();
        within(5).until(() -> good.errors.equals(errors) && alsoGood.errors.equals(errors));
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "listeners: %d events told to 2 good ones beside 3 bad ones: median %d us, p99 %d us, longest %d us%n",
                EVENTS, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
        assertThat(sorted[sorted.length / 2]).as("median, us").isLessThan(10_000);
        assertThat(good.numbers).hasSize(EVENTS);
        assertThat(alsoGood.numbers).hasSize(EVENTS);

        within(5).until(() -> thrower.calls.get() >= EVENTS + TRANSITIONS);
        assertThat(problems)
                .filteredOn(problem -> problem.kind() == Problem.Kind.LISTENER_FAILED)
                .hasSizeGreaterThanOrEqualTo(EVENTS + TRANSITIONS)
                .allSatisfy(problem -> assertThat(problem.message()).contains("out of ink"));

        within(60).until(() -> sleeper.errors.size() == TRANSITIONS && sleeper.last == EVENTS - 1);
        assertThat(sleeper.errors).isEqualTo(errors);
        assertThat(sleeper.lost).hasValue(0);
        closesSoon();
    }

    @Test
    void oneThatNeverReturnsFillsNoMemory() throws InterruptedException {
        Registration stuck = watch.listen(new Stuck());
        Registration keepsUp = watch.listen(new WatchListener() {});
        AtomicLong seen = new AtomicLong();
        watch.listen(new WatchListener() {
            @Override
            public void onChange(StateChange<?> change) {
                seen.incrementAndGet();
            }
        });
        flood(1_000);
        long before = usedHeap();
        flood(FLOOD);
        for (int writer = 0; writer < WRITERS; writer++) {
            String node = "writer-" + writer;
            StateMirror mirror = ook.mirror();
            within(10)
                    .until(() -> mirror.robotState(node)
                            .filter(robot -> robot.value().goalTimeSlow() == FLOOD / WRITERS - 1)
                            .isPresent());
            mirror.close();
        }
        long after = usedHeap();
        System.out.printf(
                "listeners: after %d positions beside one that never returns: %d conflated for it, heap %+d kB%n",
                FLOOD, stuck.conflated(), (after - before) / 1_000);
        // All listeners are given the same: what one that keeps up was told, the stuck one had conflated, but for what
        // still waits.
        long given = seen.get();
        assertThat(given).isGreaterThan(FLOOD / 2);
        assertThat(given - stuck.conflated()).as("waiting in its box").isLessThanOrEqualTo(1_024);
        assertThat(stuck.conflated()).isGreaterThan(keepsUp.conflated());
        assertThat(after - before).as("heap, bytes").isLessThan(8_000_000);
        closesSoon();
    }

    @Test
    void oneThatWokeUpLateIsToldEveryTransition() {
        int many = 3_000;
        Sleeper late = new Sleeper() {
            @Override
            void sleep() {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        watch.listen(late);
        for (int i = 0; i < many; i++) {
            hog.reportError("robot", "error " + i, Map.of());
        }
        never.countDown();
        within(20).until(() -> late.errors.size() >= many);
        assertThat(late.errors)
                .isEqualTo(IntStream.range(0, many).mapToObj(i -> "error " + i).toList());
        assertThat(late.lost).hasValue(0);
        assertThat(late.caughtUp.get())
                .as("those that its box had no room for")
                .isBetween(many - 1_100L, many - 1_000L);
    }

    /** So many positions, by several writers at once. */
    private static void flood(int positions) throws InterruptedException {
        Thread[] writers = new Thread[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            String node = "writer-" + i;
            writers[i] = new Thread(() -> {
                try (StateManager state =
                        StateManager.connect(redis.options().nodeId(node).build())) {
                    for (int number = 0; number < positions / WRITERS; number++) {
                        state.updateRobotState(
                                Samples.robot(node).goalTimeSlow(number).build());
                    }
                }
            });
            writers[i].start();
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long[] used = new long[3];
        for (int i = 0; i < used.length; i++) {
            System.gc();
            used[i] = runtime.totalMemory() - runtime.freeMemory();
        }
        return Arrays.stream(used).min().orElseThrow();
    }

    private void closesSoon() {
        long begin = System.nanoTime();
        watch.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1_500));
    }

    private static ConditionFactory within(long seconds) {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(seconds));
    }

    private static double number(StateChange<?> change) {
        return ((RobotState) Objects.requireNonNull(change.value()).value()).goalTimeSlow();
    }

    /** Writes down what it is told, and when. */
    private static final class Good implements WatchListener {
        final Map<Integer, Long> numbers = new ConcurrentHashMap<>();
        final List<String> errors = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(StateChange<?> change) {
            long arrival = System.nanoTime();
            synchronized (this) {
                numbers.putIfAbsent((int) number(change), arrival);
                notifyAll();
            }
        }

        @Override
        public void onTransition(StateTransition transition) {
            if (transition.event() instanceof ErrorReport error) {
                errors.add(error.message());
            }
        }

        synchronized long toldOf(int number) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!numbers.containsKey(number)) {
                assertThat(System.nanoTime()).as("not told of " + number).isLessThan(deadline);
                TimeUnit.MILLISECONDS.timedWait(this, 100);
            }
            return Objects.requireNonNull(numbers.get(number));
        }
    }

    /** Throws whatever it is told. */
    private static final class Thrower implements WatchListener {
        final AtomicLong calls = new AtomicLong();

        @Override
        public void onChange(StateChange<?> change) {
            fail();
        }

        @Override
        public void onTransition(StateTransition transition) {
            fail();
        }

        @Override
        public void onStatus(WatchStatus status) {
            fail();
        }

        private void fail() {
            calls.incrementAndGet();
            throw new IllegalStateException("out of ink");
        }
    }

    /** Takes a second for everything that it is told. */
    private static class Sleeper implements WatchListener {
        final List<String> errors = new CopyOnWriteArrayList<>();
        volatile double last = -1;
        final AtomicLong lost = new AtomicLong();
        final AtomicLong caughtUp = new AtomicLong();

        @Override
        public void onChange(StateChange<?> change) {
            sleep();
            last = number(change);
        }

        @Override
        public void onTransition(StateTransition transition) {
            sleep();
            caughtUp.addAndGet(transition.caughtUp() ? 1 : 0);
            if (transition.event() instanceof ErrorReport error) {
                errors.add(error.message());
            }
        }

        @Override
        public void onStatus(WatchStatus status) {
            sleep();
        }

        @Override
        public void onLost(LostTransitions some) {
            lost.addAndGet(some.count());
        }

        void sleep() {
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Does not return from its first call. */
    private final class Stuck implements WatchListener {
        @Override
        public void onStatus(WatchStatus status) {
            boolean over = false;
            while (!over) {
                try {
                    never.await();
                    over = true;
                } catch (InterruptedException e) {
                    // Not even then.
                    over = false;
                }
            }
        }
    }
}
