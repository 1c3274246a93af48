package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.client.faultkit.GarbageServer;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** A watch tells what is there, then every change, and gets by itself what it missed. */
class WatchIT {
    private static RedisServer redis;

    private final Recorder told = new Recorder();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private Proxy proxy;
    private StateManager hog;
    private StateManager ook;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL", "CONFIG SET notify-keyspace-events ");
        proxy = Proxy.to(redis.port());
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        ook = StateManager.connect(redis.options()
                .port(proxy.port())
                .nodeId("ook")
                .problemListener(problems::add)
                .build());
    }

    @AfterEach
    void disconnect() {
        ook.close();
        hog.close();
        proxy.close();
    }

    @Test
    void aLateJoinerIsToldWhatIsThere() {
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        try (StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
            session.update(5, 25);
            watch(WatchScope.everything());
            within(1_000).until(() -> told.changes.size() == 3);
            assertThat(told.changes)
                    .extracting(change -> change.key().name() + " " + change.cause())
                    .containsExactlyInAnyOrder(
                            "robot:state:hog SNAPSHOT",
                            "node:health:hog SNAPSHOT",
                            Keys.strokeProgress(session.id()) + " SNAPSHOT");
            assertThat(told.transitions).as("what was before it").isEmpty();
            session.pause();
            within(1_000).until(() -> told.types().equals(List.of("session_pause")));
        }
        within(1_000).until(() -> told.types().equals(List.of("session_pause", "session_end")));
    }

    @Test
    void everyChangeInOrder() {
        watch(WatchScope.of(Keys.ROBOT_STATE));
        for (int i = 0; i < 200; i++) {
            hog.updateRobotState(Samples.robot("hog").goalTimeSlow(i).build());
        }
        within(2_000).until(() -> !told.changes.isEmpty() && robot(told.changes).goalTimeSlow() == 199);
        long revision = 0;
        for (StateChange<?> change : told.changes) {
            long next = value(change).revision().orElseThrow();
            assertThat(next).isGreaterThan(revision);
            revision = next;
        }
        assertThat(told.types()).containsExactly("arm_connected", "arm_connected");
        assertThat(told.transitions).noneMatch(StateTransition::caughtUp);
        assertThat(problems).isEmpty();
    }

    @Test
    void onlyWhatBelongsToItsScope() {
        StateWatch one = ook.watch(WatchScope.of(Keys.robotState("hog")));
        one.listen(told);
        live(one);
        hog.updateRobotState(Samples.robot("oop").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        hog.reportError("robot", "hot", Map.of());
        hog.startStrokeSession(Samples.tattoo()).end();
        hog.updateRobotState(Samples.robot("hog").build());
        within(1_000).until(() -> told.transitions.size() == 2 && told.changes.size() == 1);
        assertThat(told.transitions)
                .allSatisfy(
                        transition -> assertThat(transition.event().nodeId()).isEqualTo("hog"));
        assertThat(told.lost).isEmpty();
    }

    @Test
    void aWriteOfAnOlderNodeIsReadAgain() {
        hog.updateRobotState(Samples.robot("hog").build());
        watch(WatchScope.everything());
        redis.admin(
                "HSET robot:state:hog state " + document("hog", "sleep"),
                "PUBLISH robot:events "
                        + "{\"type\":\"state_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37.123456\","
                        + "\"is_connected_l\":false,\"is_connected_r\":false,\"current_pose\":\"sleep\"}");
        within(500).until(() -> told.changes.size() == 2);
        assertThat(told.changes.get(1).cause()).isEqualTo(Cause.REREAD);
        assertThat(robot(told.changes).currentPose()).isEqualTo("sleep");
    }

    @Test
    void aSilentWriteIsFoundInTime() {
        hog.updateRobotState(Samples.robot("hog").build());
        watch(WatchScope.everything());
        redis.admin("HSET robot:state:hog state " + document("hog", "by-hand"));
        within(4_000)
                .until(() -> told.changes.size() == 2
                        && robot(told.changes).currentPose().equals("by-hand"));
    }

    @Test
    void expiryIsForetold() {
        hog.updateRobotState(Samples.robot("hog").build());
        redis.admin("PEXPIRE robot:state:hog 700");
        watch(WatchScope.of(Keys.ROBOT_STATE));
        assertThat(told.changes).hasSize(1);
        long since = System.nanoTime();
        within(1_500).until(() -> told.changes.size() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(1));
        assertThat(told.changes.get(1).cause()).isEqualTo(Cause.EXPIRED);
        assertThat(told.changes.get(1).value()).isNull();
    }

    @Test
    void aRemovedKeyIsFoundInTimeAndAtOnceWithKeyspaceEvents() {
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateRobotState(Samples.robot("oop").build());
        watch(WatchScope.of(Keys.ROBOT_STATE));
        redis.admin("DEL robot:state:hog");
        within(4_000).until(() -> told.changes.size() == 3);
        assertThat(told.changes.get(2).cause()).isEqualTo(Cause.DELETED);
        redis.admin("CONFIG SET notify-keyspace-events Egx");
        redis.admin("DEL robot:state:oop");
        within(300).until(() -> told.changes.size() == 4);
    }

    @ParameterizedTest
    @CsvSource({"TO_SERVER, 0", "TO_CLIENT, 0", "BOTH, 0", "BOTH, 5000"})
    void aHalfOpenConnectionIsNoticedAndMended(String direction, long more) {
        StateWatch watch = watch(WatchScope.everything());
        long since = System.nanoTime();
        if (direction.equals("BOTH")) {
            proxy.hold();
        } else {
            proxy.hold(Proxy.Direction.valueOf(direction));
        }
        within(3_000).until(() -> watch.status().condition() == Condition.STALE);
        long noticed = System.nanoTime();
        hog.updateRobotState(Samples.robot("hog").currentPose("meanwhile").build());
        within(more + 1_000)
                .until(() ->
                        System.nanoTime() - noticed >= Duration.ofMillis(more).toNanos());
        assertThat(watch.status().isLive()).isFalse();
        assertThat(watch.status().text(Instant.now())).startsWith("stale since " + more / 1_000 + " s");
        long back = System.nanoTime();
        proxy.release();
        within(1_000).until(() -> watch.status().isLive());
        long live = System.nanoTime();
        within(100).until(() -> robot(told.changes).currentPose().equals("meanwhile"));
        System.out.printf(
                "half-open %s: noticed after %d ms, live %d ms after the path's return%n",
                direction, (noticed - since) / 1_000_000, (live - back) / 1_000_000);
    }

    @Test
    void aConnectionThatAnswersNoMoreIsReplaced() {
        StateWatch watch = watch(WatchScope.everything());
        proxy.forget();
        within(3_000).until(() -> !watch.status().isLive());
        within(3_000).until(() -> watch.status().isLive());
        hog.updateRobotState(Samples.robot("hog").build());
        within(500).until(() -> !told.changes.isEmpty());
    }

    @Test
    void aStrangerAtThePortForAMomentIsNoMistakeOfPeople() {
        try (RedisServer own = RedisServer.start();
                StateManager manager = StateManager.connect(own.options().build())) {
            StateWatch watch = manager.watch(WatchScope.everything());
            live(watch);
            own.kill();
            try (GarbageServer stranger = GarbageServer.sayingAt(
                    own.port(), "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
                // Each try asks two or three times. At the pace of what people must put right, forty would take
                // minutes.
                within(20_000).until(() -> stranger.asked() >= 40);
            }
            own.restart();
            within(2_000).until(() -> watch.status().isLive());
        }
    }

    @Test
    void whatIsMissedInAnOutageIsCaughtUp() {
        StateWatch watch = watch(WatchScope.everything());
        StrokeSession session = hog.startStrokeSession(Samples.tattoo());
        within(1_000).until(() -> told.types().equals(List.of("session_start")));
        proxy.hold();
        within(1_000).until(() -> watch.status().condition() == Condition.STALE);
        session.update(7, 7);
        session.pause();
        session.resume();
        session.update(8, 8);
        hog.reportError("robot", "hot", Map.of());
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        live(watch);
        within(1_000)
                .until(() -> told.types().equals(List.of("session_start", "session_pause", "session_resume", "error")));
        within(1_000).until(() -> value(last(told.changes)).toString().contains("\"stroke_idx\":8"));
        assertThat(told.transitions.subList(1, 4)).allMatch(StateTransition::caughtUp);
        assertThat(told.lost).isEmpty();
        assertThat(told.statuses).extracting(WatchStatus::condition).contains(Condition.STALE, Condition.RECONNECTING);
        assertThat(last(told.statuses).condition()).isEqualTo(Condition.LIVE);
        session.close();
    }

    @Test
    void aMessageThatIsLostOnTheWayIsNoticed() {
        watch(WatchScope.everything());
        StrokeSession session = hog.startStrokeSession(Samples.tattoo());
        within(1_000).until(() -> told.types().size() == 1);
        proxy.swallow(1);
        session.pause();
        session.resume();
        within(1_000).until(() -> told.types().equals(List.of("session_start", "session_pause", "session_resume")));
        assertThat(proxy.swallowed()).isEqualTo(1);
        session.close();
    }

    @Test
    void nothingIsToldTwiceWhileTheLogIsRead() {
        proxy.delay(Duration.ofMillis(10));
        watch(WatchScope.everything());
        hog.updateRobotState(Samples.robot("hog").build());
        int errors = 0;
        for (int gap = 0; gap < 10; gap++) {
            proxy.swallow(1);
            hog.updateRobotState(Samples.robot("hog").goalTimeSlow(2 * gap).build());
            hog.updateRobotState(Samples.robot("hog").goalTimeSlow(2 * gap + 1).build());
            for (int i = 0; i < 20; i++) {
                hog.reportError("robot", "error " + errors++, Map.of());
            }
        }
        hog.reportError("robot", "the last", Map.of());
        within(4_000).until(() -> last(told.transitions).event().toString().contains("the last"));
        assertThat(told.transitions).hasSize(2 + errors + 1);
        assertThat(told.transitions)
                .extracting(transition -> transition.event().eventId())
                .doesNotHaveDuplicates();
    }

    @Test
    void aForeignWriteThatIsLateOnItsWayIsNotCalledLive() {
        try (StateMirror mirror = ook.mirror()) {
            within(2_000).until(() -> mirror.status().isLive());
            proxy.delay(Duration.ofMillis(190));
            redis.admin(
                    "HSET robot:state:hog state " + document("hog", "sleep"),
                    "PUBLISH robot:events "
                            + "{\"type\":\"state_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37.123456\","
                            + "\"is_connected_l\":false,\"is_connected_r\":false,\"current_pose\":\"sleep\"}");
            long published = System.nanoTime();
            within(4_000).until(() -> {
                long asked = System.nanoTime();
                boolean live = mirror.status().isLive();
                boolean known = mirror.robotState("hog").isPresent();
                assertThat(live && !known && asked - published > WatchStatus.LIVE_WITHIN.toNanos())
                        .as("live without what was published %d ms before", (asked - published) / 1_000_000)
                        .isFalse();
                return known;
            });
        }
    }

    @Test
    void anOlderNodeThatWritesAllTheTimeHoldsUpNoTransition() {
        watch(WatchScope.of(Keys.ROBOT_STATE));
        proxy.delay(Duration.ofMillis(20));
        String event = "{\"type\":\"state_update\",\"node_id\":\"oop\",\"timestamp\":\"2025-08-18T20:09:37.123456\","
                + "\"is_connected_l\":false,\"is_connected_r\":false,\"current_pose\":\"sleep\"}";
        AtomicInteger published = new AtomicInteger();
        try (Jedis older = redis.jedis()) {
            older.hset("robot:state:oop", "state", document("oop", "sleep"));
            within(2_000).pollInterval(Duration.ofMillis(1)).until(() -> {
                older.publish("robot:events", event);
                if (published.incrementAndGet() == 200) {
                    hog.reportError("robot", "not in the scope, so the watch must read the log", Map.of());
                    hog.updateRobotState(Samples.robot("hog").build());
                }
                return told.types().equals(List.of("arm_connected", "arm_connected"));
            });
        }
    }

    @Test
    void whatTheLogNoLongerHasIsCounted() {
        StateWatch watch = watch(WatchScope.everything());
        hog.reportError("robot", "first", Map.of());
        within(1_000).until(() -> told.types().size() == 1);
        proxy.hold();
        for (int i = 0; i < 30; i++) {
            hog.reportError("robot", "missed " + i, Map.of());
        }
        redis.admin("XTRIM events:log MAXLEN 10");
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        live(watch);
        within(1_000).until(() -> told.types().size() == 11);
        assertThat(told.lostCount()).isEqualTo(20);
        assertThat(told.lost.get(0).exact()).isTrue();
    }

    @Test
    void whatWasLostWithItsRedisIsCounted() {
        StateWatch watch = watch(WatchScope.everything());
        hog.reportError("robot", "first", Map.of());
        within(1_000).until(() -> told.types().size() == 1);
        proxy.hold();
        try (StateManager oop =
                StateManager.connect(redis.options().nodeId("oop").build())) {
            oop.reportError("robot", "missed by both", Map.of());
            hog.reportError("robot", "missed by both", Map.of());
            redis.admin("FLUSHALL");
            within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
            proxy.cut();
            proxy.release();
            live(watch);
            oop.reportError("robot", "second", Map.of());
            hog.reportError("robot", "third", Map.of());
        }
        within(1_000).until(() -> told.types().size() == 3);
        assertThat(told.lostCount()).isEqualTo(2);
    }

    @Test
    void whatWasLostWithItsRedisIsCountedThoughANewcomerWritesFirst() {
        StateWatch watch = watch(WatchScope.everything());
        for (int i = 0; i < 20; i++) {
            hog.reportError("robot", "told " + i, Map.of());
        }
        within(1_000).until(() -> told.types().size() == 20);
        proxy.hold();
        hog.reportError("robot", "missed", Map.of());
        hog.reportError("robot", "missed, too", Map.of());
        redis.admin("FLUSHALL");
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        live(watch);
        try (StateManager oop =
                StateManager.connect(redis.options().nodeId("oop").build())) {
            oop.reportError("robot", "from one who knows of no log before", Map.of());
            within(1_000).until(() -> told.types().size() == 21);
            hog.reportError("robot", "second", Map.of());
            oop.reportError("robot", "third", Map.of());
        }
        within(1_000).until(() -> told.types().size() == 23);
        assertThat(told.lostCount()).isEqualTo(2);
    }

    @Test
    void whatWasLostWithItsRedisIsCountedThoughANewcomerHasWrittenMoreThanThereWas() {
        StateWatch watch = watch(WatchScope.everything());
        hog.reportError("robot", "told", Map.of());
        within(1_000).until(() -> told.types().size() == 1);
        proxy.hold();
        hog.reportError("robot", "missed", Map.of());
        hog.reportError("robot", "missed, too", Map.of());
        redis.admin("FLUSHALL");
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        try (StateManager oop =
                StateManager.connect(redis.options().nodeId("oop").build())) {
            for (int i = 0; i < 10; i++) {
                oop.reportError("robot", "from one who knows of no log before", Map.of());
            }
        }
        hog.reportError("robot", "last", Map.of());
        within(2_000).until(() -> told.types().size() == 12);
        assertThat(told.lostCount()).isEqualTo(2);
    }

    @Test
    void whatAFailoverCutsOffIsCountedHoweverLongTheLogIs() {
        StateWatch watch = watch(WatchScope.everything());
        redis.admin("XADD events:log * channel error:events:robot seq 500060049 event {}");
        hog.reportError("robot", "told", Map.of());
        within(1_000).until(() -> told.types().size() == 1);
        long before = told.lostCount();
        proxy.hold();
        for (int i = 0; i < 3; i++) {
            hog.reportError("robot", "missed", Map.of());
        }
        try (Jedis jedis = redis.jedis()) {
            // As a replica that lagged would have it.
            jedis.xrevrange("events:log", "+", "-", 3).forEach(entry -> jedis.xdel("events:log", entry.getID()));
        }
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        live(watch);
        hog.reportError("robot", "last", Map.of());
        within(1_000).until(() -> told.types().size() == 2);
        assertThat(told.lostCount() - before).isEqualTo(3);
    }

    @Test
    void aListenerThatIsTooSlowLearnsHowManyWereLostWithTheirRedis() throws InterruptedException {
        StateWatch watch = ook.watch(WatchScope.everything());
        CountDownLatch ready = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onTransition(StateTransition transition) {
                try {
                    ready.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.onTransition(transition);
            }
        };
        watch.listen(slow);
        watch.listen(told);
        live(watch);
        int all = 1_500;
        for (int i = 0; i < all; i++) {
            hog.reportError("robot", "told " + i, Map.of());
        }
        within(4_000).until(() -> told.types().size() == all);
        proxy.hold();
        hog.reportError("robot", "missed", Map.of());
        redis.admin("FLUSHALL");
        hog.reportError("robot", "first of the new log", Map.of());
        proxy.cut();
        proxy.release();
        within(4_000).until(() -> told.types().size() == all + 1);
        assertThat(told.lostCount()).isEqualTo(1);
        ready.countDown();
        within(4_000)
                .until(() -> !slow.transitions.isEmpty()
                        && last(slow.transitions).event().toString().contains("new log"));
        assertThat(slow.transitions.size() + slow.lostCount()).isEqualTo(all + 2);
        watch.close();
    }

    @Test
    void anUnreadableDocumentIsReportedOnceAndPassedOver() {
        redis.admin("HSET robot:state:bad state nonsense", "SADD index:nodes bad hog");
        hog.updateRobotState(Samples.robot("hog").build());
        StateWatch watch = watch(WatchScope.of(Keys.ROBOT_STATE));
        within(1_000).until(() -> told.changes.size() == 2);
        assertThat(told.changes).extracting(StateChange::cause).contains(Cause.UNREADABLE, Cause.SNAPSHOT);
        redis.admin("HSET robot:state:bad state " + document("bad", "ready"));
        within(4_000).until(() -> told.changes.size() == 3);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_DOCUMENT);
            assertThat(problem.source()).isEqualTo("robot:state:bad");
        });
        assertThat(watch.status().isLive()).isTrue();
    }

    @Test
    void anOverwrittenIndexStopsNothing() {
        hog.updateRobotState(Samples.robot("hog").build());
        redis.admin("DEL index:nodes", "SET index:nodes nonsense");
        StateWatch watch = watch(WatchScope.everything());
        hog.reportError("robot", "hot", Map.of());
        redis.admin("PUBLISH robot:events "
                + "{\"type\":\"state_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37.123456\","
                + "\"is_connected_l\":false,\"is_connected_r\":false,\"current_pose\":\"sleep\"}");
        within(1_000).until(() -> told.types().equals(List.of("error")) && told.changes.size() == 1);
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.source()).isEqualTo("index:nodes"));
        assertThat(watch.status().isLive()).isTrue();
    }

    @Test
    void aWatchThatMayNotReadTheLogTellsWhatIsPublished() {
        redis.admin("ACL SETUSER viewer reset on >viewer-password ~* &* +@all -xrange");
        try (StateManager viewer = StateManager.connect(redis.options()
                .username("viewer")
                .password("viewer-password")
                .problemListener(problems::add)
                .build())) {
            StateWatch watch = viewer.watch(WatchScope.everything());
            watch.listen(told);
            live(watch);
            hog.reportError("robot", "hot", Map.of());
            within(1_000).until(() -> told.types().equals(List.of("error")));
        }
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("will not be caught up"));
    }

    @Test
    void whatIsMissedWithoutTheLogIsCountedAndWithItAgainCaughtUp() {
        redis.admin("ACL SETUSER viewer reset on >viewer-password ~* &* +@all");
        try (StateManager viewer = StateManager.connect(redis.options()
                .port(proxy.port())
                .username("viewer")
                .password("viewer-password")
                .problemListener(problems::add)
                .build())) {
            StateWatch watch = viewer.watch(WatchScope.everything());
            watch.listen(told);
            live(watch);
            hog.reportError("robot", "told", Map.of());
            within(1_000).until(() -> told.types().size() == 1);

            miss(watch, 3, "ACL SETUSER viewer -xrange");
            hog.reportError("robot", "told without the log", Map.of());
            within(1_000).until(() -> told.types().size() == 2);
            assertThat(told.lostCount()).isEqualTo(3);

            miss(watch, 4, "ACL SETUSER viewer +xrange");
            within(1_000).until(() -> told.types().size() == 6);
            assertThat(told.lostCount()).isEqualTo(3);
            hog.reportError("robot", "told", Map.of());
            within(1_000).until(() -> told.types().size() == 7);
        }
        assertThat(problems)
                .filteredOn(problem -> problem.message().contains("will not be caught up"))
                .hasSize(1);
    }

    private void miss(StateWatch watch, int transitions, String command) {
        proxy.hold();
        for (int i = 0; i < transitions; i++) {
            hog.reportError("robot", "missed", Map.of());
        }
        redis.admin(command);
        within(4_000).until(() -> watch.status().condition() == Condition.RECONNECTING);
        proxy.cut();
        proxy.release();
        live(watch);
    }

    @Test
    void anEventThatCannotBeReadIsNoReasonToShowWhatIsOld() {
        hog.updateRobotState(Samples.robot("hog").build());
        watch(WatchScope.everything());
        redis.admin("HSET robot:state:hog state " + document("hog", "by-hand"), "PUBLISH robot:events nonsense");
        within(450).until(() -> robot(told.changes).currentPose().equals("by-hand"));
    }

    @Test
    void aClosedWatchIsSilentAndSaysSo() {
        StateWatch watch = watch(WatchScope.everything());
        watch.close();
        watch.close();
        assertThat(told.statuses).last().extracting(WatchStatus::condition).isEqualTo(Condition.CLOSED);
        assertThat(told.statuses)
                .filteredOn(status -> status.condition() == Condition.CLOSED)
                .hasSize(1);
        assertThat(watch.status().condition()).isEqualTo(Condition.CLOSED);
        assertThatThrownBy(() -> watch.listen(told))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("closed");
        within(1_000)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().matches("tatbot-(subscription|ping|watch|listener)-.*")));
        StateWatch another = ook.watch(WatchScope.everything());
        ook.close();
        assertThat(another.status().condition()).isEqualTo(Condition.CLOSED);
        assertThatThrownBy(() -> ook.watch(WatchScope.everything())).isInstanceOf(StateException.class);
    }

    @Test
    void itIsOpenedWhileRedisIsAway() {
        proxy.close();
        try (RedisServer late = RedisServer.start()) {
            late.kill();
            try (StateManager early = StateManager.create(
                    late.options().problemListener(problems::add).build())) {
                StateWatch watch = early.watch(WatchScope.everything());
                watch.listen(told);
                within(2_000)
                        .until(() ->
                                !told.statuses.isEmpty() && last(told.statuses).attempt() > 2);
                WatchStatus status = watch.status();
                assertThat(status.condition()).isEqualTo(Condition.RECONNECTING);
                assertThat(status.asOf()).isNull();
                assertThat(status.nextTry()).isNotNull();
                assertThat(status.reason()).contains("cannot connect to Redis");
                late.restart();
                within(1_500).until(() -> watch.status().isLive());
                assertThat(watch.status().reason()).isNull();
            }
        }
        assertThat(problems).as("one outage, told once").hasSize(1);
    }

    private StateWatch watch(WatchScope scope) {
        StateWatch watch = ook.watch(scope);
        watch.listen(told);
        live(watch);
        within(1_000).until(() -> last(told.statuses).isLive());
        return watch;
    }

    /** As an older node, or a hand, writes it. */
    private static String document(String nodeId, String pose) {
        return "{\"node_id\":\"" + nodeId + "\",\"timestamp\":\"2025-08-18T20:09:37.123456\",\"current_pose\":\"" + pose
                + "\"}";
    }

    private static void live(StateWatch watch) {
        within(2_000).until(() -> watch.status().isLive());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static Versioned<?> value(StateChange<?> change) {
        return Objects.requireNonNull(change.value());
    }

    private static RobotState robot(List<StateChange<?>> changes) {
        return (RobotState) value(last(changes)).value();
    }

    private static ConditionFactory within(long millis) {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofMillis(millis));
    }
}
