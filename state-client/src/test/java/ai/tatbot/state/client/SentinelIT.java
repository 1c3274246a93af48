package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.Sentinels;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

/** A primary that fails, and sentinels that replace it: programs go on by themselves, and know what was lost. */
class SentinelIT {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelIT.class);

    private Sentinels sentinels;

    @BeforeEach
    void start() {
        sentinels = Sentinels.start();
    }

    @AfterEach
    void stop() {
        sentinels.close();
    }

    private StateOptions.Builder options() {
        return sentinels.options().nodeId("hog");
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
    }

    @Test
    void theUrlFindsThePrimary() {
        try (StateManager state = StateManager.connect(
                StateOptions.builder().url(sentinels.url()).nodeId("hog").build())) {
            state.updateNodeHealth(Samples.health("hog").build());
            assertThat(sentinels.currentPrimary().calls("hset")).isPositive();
        }
    }

    @Test
    void writesResumeByThemselvesWhenThePrimaryIsKilled() {
        try (StateManager state = StateManager.connect(options().build());
                Robot robot = new Robot(state)) {
            List<Integer> seen = new CopyOnWriteArrayList<>();
            state.subscribe(Channels.STROKE_PROGRESS, event -> seen.add(event.poseIdx()));
            StateMirror mirror = state.mirror();
            Recorder told = new Recorder();
            mirror.watch().listen(told);
            await("writes").until(() -> robot.acknowledged().size() > 20 && mirror.isLive());

            RedisServer old = sentinels.killPrimary();
            RedisServer now = sentinels.awaitFailover(old);
            int before = robot.acknowledged().size();
            await("writes after the failover").until(() -> robot.acknowledged().size() > before + 20);
            int mark = robot.lastAcknowledged();
            await("the subscription").until(() -> seen.stream().anyMatch(pose -> pose > mark));
            robot.stop();

            int last = robot.lastAcknowledged();
            await("the subscription").until(() -> seen.contains(last));
            await("the mirror").until(() -> mirror.isLive() && pose(mirror, robot) == last);
            assertThat(told.statuses).extracting(WatchStatus::condition).contains(WatchStatus.Condition.RECONNECTING);
            assertThat(told.lost).isEmpty();
            assertThat(now.isPrimary()).isTrue();
            assertThat(robot.refusals())
                    .isNotEmpty()
                    .allSatisfy(refused -> assertThat(refused.reason()).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT));
            LOG.info(
                    "without writes for {} ms; {} of {} acknowledged updates lost",
                    robot.longestGap().toMillis(),
                    robot.lost().size(),
                    robot.acknowledged().size());
            assertThat(robot.longestGap()).isLessThan(Duration.ofSeconds(6));
            assertThat(state.strokeProgress(robot.session.id())
                            .orElseThrow()
                            .value()
                            .poseIdx())
                    .isEqualTo(last);
        }
    }

    private static int pose(StateMirror mirror, Robot robot) {
        return mirror.strokeProgress(robot.session.id()).orElseThrow().value().poseIdx();
    }

    @Test
    void whatReplicasHaveConfirmedSurvivesThePrimary() {
        try (StateManager state = StateManager.connect(options()
                        .replicas(2)
                        .replicaTimeout(Duration.ofMillis(200))
                        .build());
                Robot robot = new Robot(state)) {
            await("writes").until(() -> robot.acknowledged().size() > 50);
            RedisServer old = sentinels.killPrimary();
            sentinels.awaitFailover(old);
            await("writes that one replica lacks")
                    .until(() ->
                            robot.refusals().stream().anyMatch(refused -> refused.reason() == Reason.NOT_REPLICATED));
            int before = robot.acknowledged().size();
            // The old primary comes back as the second replica. The sentinels would see to that after ten seconds.
            old.restart();
            old.replicaOf(sentinels.currentPrimary());
            await("confirmed writes").until(() -> robot.acknowledged().size() > before + 20);
            robot.stop();
            assertThat(robot.lost()).isEmpty();
            assertThat(old.isPrimary()).isFalse();
        }
    }

    @Test
    void transitionsThatNobodyHasAnyMoreAreCounted() {
        sentinels.servers().forEach(server -> server.admin("ACL SETUSER viewer on >viewer-password ~* &* +@all"));
        try (StateManager state = StateManager.connect(options().build());
                StateManager viewer = StateManager.connect(options()
                        .nodeId("ook")
                        .username("viewer")
                        .password("viewer-password")
                        .build())) {
            Recorder told = new Recorder();
            viewer.watch(WatchScope.everything()).listen(told);
            state.reportError("robot", "told", Map.of());
            await("the first").until(() -> told.types().size() == 1);

            RedisServer old = sentinels.currentPrimary();
            sentinels.servers().stream()
                    .filter(server -> server != old)
                    .forEach(replica -> replica.admin("CONFIG SET masterauth wrong"));
            old.admin("CLIENT KILL TYPE replica", "ACL SETUSER viewer off", "CLIENT KILL USER viewer");
            await("the replicas' end")
                    .until(() -> old.info("replication", "connected_slaves").equals("0"));
            for (int i = 0; i < 5; i++) {
                state.reportError("robot", "told to nobody", Map.of());
            }
            sentinels.killPrimary();
            sentinels.awaitFailover(old);
            await("a write after the failover").until(() -> reports(state));
            // Twice if the first answer was lost.
            await("the last").until(() -> told.types().size() >= 2);
            assertThat(told.lostCount()).isEqualTo(5);
        }
    }

    private static boolean reports(StateManager state) {
        try {
            state.reportError("robot", "last", Map.of());
            return true;
        } catch (StateException e) {
            assertThat(e.reason()).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.READ_ONLY);
            return false;
        }
    }

    @Test
    void aFrozenPrimaryIsReplaced() {
        try (StateManager state = StateManager.connect(
                        options().timeout(Duration.ofMillis(400)).build());
                Robot robot = new Robot(state)) {
            await("writes").until(() -> robot.acknowledged().size() > 20);
            RedisServer old = sentinels.freezePrimary();
            try {
                sentinels.awaitFailover(old);
                int before = robot.acknowledged().size();
                await("writes after the failover")
                        .until(() -> robot.acknowledged().size() > before + 20);
            } finally {
                old.thaw();
            }
        }
    }

    @Test
    void aPrimaryThatIsMovedIsLeftBeforeItForgets() {
        try (StateManager state = StateManager.connect(options().build());
                Robot robot = new Robot(state)) {
            List<Integer> seen = new CopyOnWriteArrayList<>();
            state.subscribe(Channels.STROKE_PROGRESS, event -> seen.add(event.poseIdx()));
            await("writes").until(() -> robot.acknowledged().size() > 20);
            RedisServer old = sentinels.failOver();
            RedisServer now = sentinels.awaitFailover(old);
            long before = now.calls("publish");
            await("writes on the new primary").until(() -> now.calls("publish") > before + 20);
            // It does not know yet what it no longer is, and would still take them.
            assertThat(old.isPrimary()).isTrue();
            robot.stop();
            await("the subscription").until(() -> seen.contains(robot.lastAcknowledged()));
            assertThat(robot.refusals()).isEmpty();
        }
    }

    @Test
    void aPublisherLeavesAPrimaryThatIsMovedBeforeItForgets() {
        List<Problem> problems = new CopyOnWriteArrayList<>();
        try (StateManager state =
                StateManager.connect(options().problemListener(problems::add).build())) {
            StatePublisher publisher = state.publisher();
            PublishedSession session = publisher.startStrokeSession(Samples.tattoo());
            assertThat(publisher.flush(Duration.ofSeconds(5))).isTrue();
            RedisServer old = sentinels.failOver();
            RedisServer now = sentinels.awaitFailover(old);
            // Idle, as it is, it has nothing to send that could be refused.
            await("the publisher's new connection")
                    .until(() -> problems.stream().anyMatch(SentinelIT::isDisconnectedPublisher)
                            && publisher.stats().connectedSince() != null);

            session.pause();

            assertThat(publisher.flush(Duration.ofSeconds(5))).isTrue();
            try (Jedis jedis = now.jedis()) {
                assertThat(jedis.xrevrange(Keys.eventsLog().name(), "+", "-", 1).toString())
                        .contains("session_pause");
            }
        }
    }

    private static boolean isDisconnectedPublisher(Problem problem) {
        return problem.kind() == Problem.Kind.DISCONNECTED && problem.source().equals("publisher");
    }

    @Test
    void aWriteThatAReplicaRefusesWaitsForTheNewPrimary() throws Exception {
        try (StateManager state =
                StateManager.connect(options().timeout(Duration.ofSeconds(10)).build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            RedisServer old = sentinels.currentPrimary();
            RedisServer next = sentinels.servers().stream()
                    .filter(server -> server != old)
                    .findFirst()
                    .orElseThrow();
            old.failOverTo(next);
            FutureTask<Void> transition = new FutureTask<>(session::pause, null);
            new Thread(transition, "writer").start();
            await("a refusal")
                    .until(() -> old.info("errorstats", "errorstat_READONLY").contains("count="));
            assertThat(transition.isDone()).isFalse();
            sentinels.name(next);
            transition.get(5, TimeUnit.SECONDS);
            assertThat(next.info("commandstats", "cmdstat_publish")).isNotEmpty();
            assertThat(state.strokeProgress(session.id()).orElseThrow().value().isPaused())
                    .isTrue();
        }
    }

    @Test
    void callersLookForThePrimaryOnce() throws Exception {
        try (Proxy proxy = Proxy.to(sentinels.addresses().get(0).port());
                StateManager state = StateManager.connect(options()
                        .sentinels(Sentinels.PRIMARY_NAME, List.of(new Address("127.0.0.1", proxy.port())))
                        .build())) {
            // So that the one who asks every second does not hear of it first.
            proxy.hold();
            RedisServer old = sentinels.killPrimary();
            sentinels.awaitFailover(old);
            proxy.release();
            int before = proxy.connections();
            CountDownLatch go = new CountDownLatch(1);
            List<FutureTask<Long>> writes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                FutureTask<Long> write = new FutureTask<>(() -> {
                    go.await();
                    return state.updateNodeHealth(Samples.health("hog").build());
                });
                writes.add(write);
                new Thread(write).start();
            }
            go.countDown();
            for (FutureTask<Long> write : writes) {
                assertThat(write.get(10, TimeUnit.SECONDS)).isPositive();
            }
            // One, and perhaps the one who asks every second.
            assertThat(proxy.connections() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void sentinelsThatAreDownArePassedOver() {
        sentinels.killSentinel(0);
        try (StateManager state = StateManager.connect(options().build())) {
            assertThat(state.robotState("hog")).isEmpty();
        }
        sentinels.killSentinel(1);
        sentinels.killSentinel(2);
        StateException nobody = refused(options());
        assertThat(nobody.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(nobody)
                .hasMessageStartingWith("connecting: no sentinel answers: 127.0.0.1:")
                .hasMessageEndingWith(". Are they running, and is REDIS_URL right?");
    }

    @Test
    void wrongNamesAndPasswords() {
        StateException unknown = refused(options().sentinels("other", sentinels.addresses()));
        assertThat(unknown.reason()).isEqualTo(Reason.MISCONFIGURED);
        assertThat(unknown)
                .hasMessage("connecting: the sentinel " + sentinels.addresses().get(0)
                        + " knows no primary named other. Check the name behind the # of REDIS_URL.");

        RedisServer primary = sentinels.currentPrimary();
        StateException redis = refused(options()
                .sentinels("tatbot", List.of(new Address("127.0.0.1", primary.port())))
                .sentinelPassword(RedisServer.PASSWORD));
        assertThat(redis.reason()).isEqualTo(Reason.MISCONFIGURED);
        assertThat(redis).hasMessageContaining("is a Redis, not a sentinel");

        Address first = sentinels.addresses().get(0);
        StateException sentinel =
                refused(StateOptions.builder().host(first.host()).port(first.port()));
        assertThat(sentinel.reason()).isEqualTo(Reason.MISCONFIGURED);
        assertThat(sentinel).hasMessageContaining("is a sentinel, not a Redis");

        StateException password = refused(options().password("wrong"));
        assertThat(password.reason()).isEqualTo(Reason.DENIED);
        assertThat(password).hasMessageContaining("refused the user or password");
    }

    private static StateException refused(StateOptions.Builder options) {
        StateException refused = Assertions.catchThrowableOfType(
                StateException.class,
                () -> StateManager.connect(options.build()).close());
        assertThat(refused).as("the connection is refused").isNotNull();
        return refused;
    }

    /** Reports a position every few milliseconds, come what may, and keeps a log. */
    private static final class Robot implements AutoCloseable {
        private final StateManager state;
        private final StrokeSession session;
        private final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
        private final List<Long> times = new CopyOnWriteArrayList<>();
        private final List<StateException> refusals = new CopyOnWriteArrayList<>();
        private final Thread loop = new Thread(this::run, "robot");
        private volatile boolean stopped;

        Robot(StateManager state) {
            this.state = state;
            this.session = state.startStrokeSession(Samples.tattoo());
            loop.start();
        }

        private void run() {
            for (int pose = 1; !stopped; pose++) {
                try {
                    session.update(0, pose);
                    acknowledged.add(pose);
                    times.add(System.nanoTime());
                } catch (StateException e) {
                    refusals.add(e);
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }

        List<Integer> acknowledged() {
            return acknowledged;
        }

        int lastAcknowledged() {
            return acknowledged.get(acknowledged.size() - 1);
        }

        List<StateException> refusals() {
            return refusals;
        }

        Duration longestGap() {
            long longest = 0;
            for (int i = 1; i < times.size(); i++) {
                longest = Math.max(longest, times.get(i) - times.get(i - 1));
            }
            return Duration.ofNanos(longest);
        }

        /** Acknowledged positions that the history of the Redis of today does not have. */
        Set<Integer> lost() {
            Set<Integer> lost = new HashSet<>(acknowledged);
            state.strokeHistory(session.id(), 10_000).forEach(entry -> lost.remove(entry.poseIdx()));
            return lost;
        }

        void stop() {
            stopped = true;
            try {
                loop.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            stop();
        }
    }
}
