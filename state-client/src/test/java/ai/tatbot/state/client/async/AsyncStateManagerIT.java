package ai.tatbot.state.client.async;

import static ai.tatbot.state.client.async.Stages.failure;
import static ai.tatbot.state.client.async.Stages.get;
import static ai.tatbot.state.client.async.Stages.reason;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** What both faces do is the same; and what only one does: many calls under way at once, in order. */
class AsyncStateManagerIT {
    private RedisServer redis;
    private AsyncStateManager async;
    private StateManager blocking;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        StateOptions options = redis.options().nodeId("hog").build();
        async = get(AsyncStateManager.connect(options));
        blocking = StateManager.connect(options);
    }

    @AfterEach
    void stop() {
        async.close();
        blocking.close();
        redis.close();
    }

    // ---- the same results

    @Test
    void whatIsSentIsTheSame() {
        redis.admin("CONFIG RESETSTAT");
        try (StrokeSession session = blocking.startStrokeSession(Samples.tattoo())) {
            session.update(1, 2);
            session.pause();
            session.resume();
            blocking.updateRobotState(Samples.robot("hog").build());
            blocking.updateNodeHealth(Samples.health("hog").build());
            session.end();
        }
        blocking.systemStatus();
        Map<String, Long> sent = redis.calls();
        redis.admin("FLUSHALL", "SCRIPT FLUSH", "CONFIG RESETSTAT");
        try (AsyncStateManager other =
                get(AsyncStateManager.connect(redis.options().nodeId("hog").build()))) {
            AsyncStrokeSession session = get(other.startStrokeSession(Samples.tattoo()));
            get(session.update(1, 2));
            get(session.pause());
            get(session.resume());
            get(other.updateRobotState(Samples.robot("hog").build()));
            get(other.updateNodeHealth(Samples.health("hog").build()));
            get(session.end());
            get(other.systemStatus());
            Map<String, Long> here = redis.calls();
            for (String command : List.of("hset", "publish", "xadd", "sadd", "hmget", "smembers")) {
                assertThat(here).as(command).containsEntry(command, sent.getOrDefault(command, 0L));
            }
        }
    }

    @Test
    void whatIsReadIsTheSame() {
        AsyncStrokeSession session = get(async.startStrokeSession(100, 108, "tatbotlogo"));
        get(session.update(3, 4));
        get(session.update(next -> next.strokeIdx(3).poseIdx(9).strokeDescriptionL("outline")));
        get(async.updateRobotState(Samples.robot("hog").build()));
        get(async.updateNodeHealth(Samples.health("hog").build()));
        assertThat(get(async.strokeProgress(session.id()))).isEqualTo(blocking.strokeProgress(session.id()));
        assertThat(get(async.strokeProgress(session.id())).orElseThrow().value())
                .isEqualTo(session.progress());
        assertThat(get(async.currentSession())).isPresent().isEqualTo(blocking.currentSession());
        assertThat(get(async.strokeHistory(session.id(), 10)))
                .hasSize(3)
                .isEqualTo(blocking.strokeHistory(session.id(), 10));
        assertThat(get(async.robotState("hog"))).isPresent().isEqualTo(blocking.robotState("hog"));
        assertThat(get(async.robotState("nobody"))).isEmpty();
        assertThat(get(async.nodeHealth("hog"))).isPresent().isEqualTo(blocking.nodeHealth("hog"));
        assertThat(get(async.get(Keys.robotState("hog")))).isEqualTo(blocking.get(Keys.robotState("hog")));
        List<Key<RobotState>> keys = List.of(Keys.robotState("hog"), Keys.robotState("nobody"));
        assertThat(get(async.getAll(keys))).isEqualTo(blocking.getAll(keys));
        assertThat(get(async.all(Keys.STROKE_PROGRESS))).isEqualTo(blocking.all(Keys.STROKE_PROGRESS));
        assertThat(get(async.find(Keys.NODE_HEALTH))).isEqualTo(blocking.find(Keys.NODE_HEALTH));
        assertThat(get(async.keys())).hasSizeGreaterThan(3).hasSameElementsAs(blocking.keys());
        assertThat(get(async.keys(Keys.ROBOT_STATE))).isEqualTo(blocking.keys(Keys.ROBOT_STATE));
        for (Key<?> key : blocking.keys()) {
            assertThat(get(async.contents(key, 5)).orElseThrow().length())
                    .isEqualTo(blocking.contents(key, 5).orElseThrow().length());
        }
        assertThat(get(async.systemStatus()).nodes())
                .isEqualTo(blocking.systemStatus().nodes());
        assertThat(get(async.systemStatusOfAllNodes()).sessions())
                .isEqualTo(blocking.systemStatusOfAllNodes().sessions());
        assertThat(get(async.leave("hog"))).isTrue();
        assertThat(get(async.leave("hog"))).isFalse();
    }

    @Test
    void eventsAreTheSame() {
        try (Eavesdropper heard = Eavesdropper.on(redis)) {
            assertThat(get(async.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"))))
                    .isPresent();
            assertThat(get(async.publish(Channels.SYSTEM_EVENTS, Samples.greeting("hog")))
                            .receivers())
                    .isEqualTo(1);
            assertThat(get(async.reportError("robot", "the arm is stuck", Map.of("arm", "left"))))
                    .contains("-");
            assertThat(heard.soFar()).hasSize(3);
        }
    }

    @Test
    void aDocumentIsPut() {
        StrokeProgress document = Samples.tattoo().nodeId("hog").build();
        Key<StrokeProgress> key = Keys.strokeProgress("mended");
        long revision = get(async.put(key, document, null, null));
        assertThat(reason(async.put(key, document, revision + 5, null))).isEqualTo(Reason.CONFLICT);
        assertThat(get(async.put(key, document, revision, Duration.ofSeconds(5))))
                .isEqualTo(revision + 1);
        assertThat(failure(async.put(key, document, null, Duration.ZERO))).isInstanceOf(InvalidValueException.class);
    }

    // ---- many at once

    @Test
    void tenThousandOfOneSessionInOrder() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        long first = session.revision();
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            stages.add(session.update(i / 108, i % 108));
        }
        for (int i = 0; i < stages.size(); i++) {
            assertThat(get(stages.get(i))).isEqualTo(first + 1 + i);
        }
        Versioned<StrokeProgress> stored = blocking.strokeProgress(session.id()).orElseThrow();
        assertThat(stored.rev()).isEqualTo(first + 10_000);
        assertThat(stored.value()).isEqualTo(session.progress());
        assertThat(stored.value().strokeIdx()).isEqualTo(9_999 / 108);
        assertThat(stored.value().poseIdx()).isEqualTo(9_999 % 108);
        assertThat(blocking.strokeHistory(session.id(), 1_000))
                .extracting(entry -> entry.strokeIdx() * 108 + entry.poseIdx())
                .isEqualTo(IntStream.range(9_000, 10_000).boxed().toList());
        assertThat(async.inFlight()).isZero();
    }

    @Test
    void manyThreadsAndSessions() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            Thread thread = new Thread(() -> {
                long first = session.revision();
                CompletionStage<Long> last = session.update(0, 1);
                for (int i = 1; i < 500; i++) {
                    last = session.update(i, 1);
                }
                assertThat(get(last)).isEqualTo(first + 500);
            });
            AssertionErrors.watch(thread);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        AssertionErrors.throwFirst();
    }

    @Test
    void transitionsStayBetweenThePositions() {
        try (Eavesdropper heard = Eavesdropper.on(redis)) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            List<CompletionStage<?>> stages = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                stages.add(session.update(i, 0));
                stages.add(session.pause());
                stages.add(session.update(i, 1));
                stages.add(session.resume());
            }
            stages.add(session.end());
            stages.forEach(Stages::get);
            assertThat(session.isRunning()).isFalse();
            String types = String.join(" ", types(heard));
            String four = "progress_update session_pause progress_update session_resume ";
            assertThat(types).isEqualTo("session_start " + four.repeat(50) + "session_end");
            assertThat(reason(session.update(1, 1))).isEqualTo(Reason.CONFLICT);
        }
    }

    @Test
    void armsThatTurnAreToldOnceAndInOrder() {
        try (Eavesdropper heard = Eavesdropper.on(redis)) {
            List<CompletionStage<Long>> stages = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                stages.add(async.updateRobotState(Samples.robot("hog")
                        .isConnectedL(i / 100 % 2 == 0)
                        .isConnectedR(true)
                        .build()));
            }
            long first = get(stages.get(0));
            for (int i = 0; i < stages.size(); i++) {
                assertThat(get(stages.get(i))).isEqualTo(first + i);
            }
            List<String> types = types(heard);
            assertThat(types).hasSize(405);
            List<String> turns =
                    types.stream().filter(type -> type.startsWith("arm")).toList();
            assertThat(turns)
                    .containsExactly(
                            "arm_connected", "arm_connected", "arm_disconnected", "arm_connected", "arm_disconnected");
            assertThat(blocking.robotState("hog").orElseThrow().value().isConnectedL())
                    .isFalse();
        }
    }

    private static List<String> types(Eavesdropper heard) {
        return heard.soFar().stream()
                .map(event -> event.message().replaceAll(".*\"type\":\"([a-z_]+)\".*", "$1"))
                .toList();
    }

    /** Redis forgets a script while many that run it are on their way there, and more come: none overtakes another. */
    @Test
    void scriptsThatRedisForgets() {
        try (Proxy far = Proxy.to(redis.port()).delay(Duration.ofMillis(10));
                AsyncStateManager other = get(AsyncStateManager.connect(
                        redis.options()
                                .port(far.port())
                                .nodeId("hog")
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        AsyncOptions.builder().inFlight(10_000).build()))) {
            AsyncStrokeSession session = get(other.startStrokeSession(Samples.tattoo()));
            get(session.update(0, 0));
            long first = session.revision();
            List<CompletionStage<Long>> stages = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                if (i % 500 == 250) {
                    redis.admin("SCRIPT FLUSH");
                }
                stages.add(session.update(i, 0));
                // So that they are spread over the way there.
                LockSupport.parkNanos(20_000);
            }
            for (int i = 0; i < stages.size(); i++) {
                assertThat(get(stages.get(i))).isEqualTo(first + 1 + i);
            }
            assertThat(blocking.strokeHistory(session.id(), 1_500))
                    .extracting(entry -> entry.strokeIdx())
                    .isEqualTo(IntStream.range(500, 2_000).boxed().toList());
        }
    }

    /** It is told, and in its place, though what comes behind it runs another script, which Redis knows. */
    @Test
    void aTransitionWhoseScriptRedisForgets() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        get(session.update(0, 1));
        long first = session.revision();
        StrokeSession other = blocking.startStrokeSession(Samples.tattoo());
        redis.admin("SCRIPT FLUSH");
        other.update(0, 1);
        redis.freeze();
        CompletionStage<Void> pause = session.pause();
        CompletionStage<Long> update = session.update(0, 2);
        redis.thaw();
        get(pause);
        assertThat(get(update)).isEqualTo(first + 2);
        StrokeProgress stored =
                blocking.strokeProgress(session.id()).orElseThrow().value();
        assertThat(stored.isPaused()).isTrue();
        assertThat(stored.poseIdx()).isEqualTo(2);
        assertThat(async.inFlight()).isZero();
    }

    /** The key goes while hundreds that write it are under way: it is made anew, and nothing old comes out on top. */
    @Test
    void aKeyThatGoes() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (i == 1_000) {
                redis.admin("DEL stroke:progress:" + session.id());
            }
            stages.add(session.update(i, 0));
        }
        long before = 0;
        for (CompletionStage<Long> stage : stages) {
            long revision = get(stage);
            assertThat(revision).isGreaterThan(before);
            before = revision;
        }
        Versioned<StrokeProgress> stored = blocking.strokeProgress(session.id()).orElseThrow();
        assertThat(stored.value().strokeIdx()).isEqualTo(1_999);
        assertThat(stored.rev()).isEqualTo(before);
    }

    // ---- refused

    @Test
    void anotherWriter() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        get(session.update(5, 6));
        AsyncStrokeSession second = get(async.takeOverSession(session.id()));
        assertThat(second.progress().strokeIdx()).isEqualTo(5);
        assertThat(reason(session.update(6, 0))).isEqualTo(Reason.CONFLICT);
        assertThat(get(session.lost()).reason()).isEqualTo(Reason.CONFLICT);
        assertThat(session.isRunning()).isFalse();
        assertThat(reason(session.end())).isEqualTo(Reason.CONFLICT);
        get(session.close());
        get(second.update(6, 1));
        get(second.close());
        assertThat(reason(async.takeOverSession(second.id()))).isEqualTo(Reason.CONFLICT);
        assertThat(reason(async.takeOverSession("nothing"))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void whatIsWrongFailsAsOnTheOtherFace() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        assertThat(failure(session.update(-1, 0))).isInstanceOf(InvalidValueException.class);
        assertThat(failure(async.robotState("*"))).isInstanceOf(InvalidValueException.class);
        assertThat(failure(async.strokeHistory(session.id(), 0))).isInstanceOf(InvalidValueException.class);
        get(session.update(0, 1));
        try (Jedis jedis = redis.jedis()) {
            jedis.del("stroke:progress:" + session.id());
            jedis.set("stroke:progress:" + session.id(), "text");
            jedis.hset("robot:state:hog", "state", "{");
            jedis.set("node:health:hog", "text");
        }
        assertThat(reason(session.update(0, 2))).isEqualTo(Reason.INVALID);
        assertThat(reason(async.robotState("hog"))).isEqualTo(Reason.INVALID);
        assertThat(reason(async.nodeHealth("hog"))).isEqualTo(Reason.INVALID);
        assertThat(get(async.getAll(List.of(Keys.robotState("hog")))).problems())
                .hasSize(1);
        assertThat(async.inFlight()).isZero();
    }

    @Test
    void aRightThatIsMissing() {
        redis.admin(
                "ACL SETUSER reader on >reader-password ~* &* +@read +@connection +info +hello",
                "ACL SETUSER nobody on >nobody-password");
        try (AsyncStateManager reader = get(AsyncStateManager.connect(redis.options()
                .username("reader")
                .password("reader-password")
                .nodeId("hog")
                .build()))) {
            assertThat(get(reader.robotState("hog"))).isEmpty();
            assertThat(reason(reader.updateRobotState(Samples.robot("hog").build())))
                    .isEqualTo(Reason.DENIED);
            assertThat(reason(reader.startStrokeSession(Samples.tattoo()))).isEqualTo(Reason.DENIED);
            assertThat(get(reader.systemStatus()).nodes()).isEmpty();
        }
        assertThat(reason(AsyncStateManager.connect(
                        redis.options().password("wrong").nodeId("hog").build())))
                .isEqualTo(Reason.DENIED);
        assertThat(blocking.find(Keys.STROKE_PROGRESS).values()).isEmpty();
    }

    @Test
    void memoryThatIsFull() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        long first = session.revision();
        redis.admin("CONFIG SET maxmemory 1");
        List<CompletionStage<Long>> refused =
                IntStream.range(0, 100).mapToObj(i -> session.update(i, 0)).toList();
        refused.forEach(stage -> assertThat(reason(stage)).isEqualTo(Reason.OUT_OF_MEMORY));
        redis.admin("CONFIG SET maxmemory 0");
        assertThat(get(session.update(next -> next.poseIdx(7)))).isEqualTo(first + 1);
        // What was refused is not built upon.
        assertThat(session.progress().strokeIdx()).isZero();
    }

    // ---- what depends on a stage

    @Test
    void whatThrowsHurtsNobody() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletionStage<Long> stage = session.update(i, 0);
            CompletionStage<Void> unused = stage.thenAccept(revision -> {
                throw new IllegalStateException("on purpose");
            });
            stages.add(stage);
        }
        stages.forEach(Stages::get);
    }

    @Test
    void whatBlocksStopsNobody() throws InterruptedException {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> blocked = new CompletableFuture<>();
        Thread test = Thread.currentThread();
        AtomicInteger here = new AtomicInteger();
        for (int i = 0; i < 3 + here.get(); i++) {
            CompletionStage<Void> unused = session.update(i % 100, 0).thenAccept(revision -> {
                if (Thread.currentThread() == test) {
                    // It was stored before this was said, so it is this thread that would wait.
                    here.incrementAndGet();
                    return;
                }
                try {
                    blocked.complete(release.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    blocked.completeExceptionally(e);
                }
            });
        }
        for (int i = 0; i < 2_000; i++) {
            CompletionStage<Long> unused = session.update(i, 1);
        }
        get(session.update(9, 9));
        // A stage that waits for another one.
        CompletionStage<Long> behind =
                session.update(9, 10).thenApply(revision -> get(session.update(9, 11)) - revision);
        assertThat(get(behind)).isEqualTo(1);
        release.countDown();
        assertThat(get(blocked)).isTrue();
    }

    @Test
    void aProblemListenerThatWaits() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        StateOptions options = redis.options()
                .nodeId("hog")
                .problemListener(problem -> {
                    told.countDown();
                    awaitUninterruptibly(release);
                })
                .build();
        try (AsyncStateManager other = get(AsyncStateManager.connect(options))) {
            AsyncStrokeSession session = get(other.startStrokeSession(Samples.tattoo()));
            String history = "stream:stroke_history:" + session.id();
            redis.admin("DEL " + history, "SET " + history + " text");
            CompletionStage<Long> noted = session.update(0, 1);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            get(other.ping());
            get(noted);
            release.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            boolean unused = latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anExecutorOfTheCaller() {
        List<String> threads = new ArrayList<>();
        try (AsyncStateManager other = get(AsyncStateManager.connect(
                redis.options().nodeId("hog").build(),
                AsyncOptions.builder()
                        .executor(task -> {
                            threads.add(Thread.currentThread().getName());
                            task.run();
                        })
                        .build()))) {
            get(other.ping());
            get(other.startStrokeSession(Samples.tattoo()));
        }
        assertThat(threads).isNotEmpty();
    }

    // ---- the end

    @Test
    void closingWaitsForWhatIsUnderWay() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        long first = session.revision();
        List<CompletionStage<Long>> stages =
                IntStream.range(0, 900).mapToObj(i -> session.update(i, 0)).toList();
        async.close();
        for (int i = 0; i < stages.size(); i++) {
            assertThat(get(stages.get(i))).isEqualTo(first + 1 + i);
        }
        assertThat(reason(session.update(0, 0))).isEqualTo(Reason.CLOSED);
        assertThat(reason(async.ping())).isEqualTo(Reason.CLOSED);
        async.close();
    }

    @Test
    void closingFailsWhatWasToBeTriedAgain() throws InterruptedException {
        try (AsyncStateManager other = get(AsyncStateManager.connect(redis.options()
                        .nodeId("hog")
                        .retryAttempts(5)
                        .retryDelay(Duration.ofSeconds(5))
                        .maxRetryDelay(Duration.ofSeconds(5))
                        .build()));
                Jedis jedis = redis.jedis()) {
            redis.admin("CONFIG SET busy-reply-threshold 1");
            Thread script = new Thread(() -> {
                try {
                    jedis.eval("while true do end");
                } catch (JedisException e) {
                    // Killed below.
                }
            });
            script.start();
            Awaitility.await().until(this::isBusy);
            CompletionStage<?> read = other.robotState("hog");
            // It has been refused by now, and waits.
            CompletionStage<Long> write =
                    other.updateNodeHealth(Samples.health("hog").build());
            assertThat(reason(write)).isEqualTo(Reason.BUSY);
            closeEarly(other);
            assertThat(reason(read)).isIn(Reason.CLOSED, Reason.BUSY);
            assertThat(other.inFlight()).isZero();
            redis.admin("SCRIPT KILL");
            script.join();
        }
    }

    private static void closeEarly(AsyncStateManager manager) {
        manager.close();
    }

    private boolean isBusy() {
        try (Jedis jedis = redis.jedis()) {
            jedis.ping();
            return false;
        } catch (JedisException e) {
            return String.valueOf(e.getMessage()).startsWith("BUSY");
        }
    }

    @Test
    void closingFailsWhatDoesNotComplete() {
        AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
        redis.freeze();
        try {
            List<CompletionStage<Long>> stages =
                    IntStream.range(0, 500).mapToObj(i -> session.update(i, 0)).toList();
            async.close();
            stages.forEach(stage -> assertThat(reason(stage)).isEqualTo(Reason.CLOSED));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .noneMatch(name -> name.startsWith("lettuce") || name.startsWith("tatbot-async")));
        } finally {
            redis.thaw();
        }
    }
}
