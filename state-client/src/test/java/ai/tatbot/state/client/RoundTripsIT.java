package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * What every call costs where each way takes 20 ms. It is counted in turns of the conversation, as a proxy sees them; time is
 * looked at too, since a turn that takes long helps nobody.
 */
@Tag("alone")
class RoundTripsIT {
    private static RedisServer redis;

    private Proxy proxy;
    private StateManager state;

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
        redis.admin("FLUSHALL", "CONFIG RESETSTAT");
        proxy = Proxy.to(redis.port()).delay(Duration.ofMillis(20));
        state = StateManager.connect(
                redis.options().port(proxy.port()).nodeId("hog").build());
    }

    @AfterEach
    void disconnect() {
        state.close();
        proxy.close();
    }

    @Test
    void anUpdateOfASessionIsOneRoundTrip() {
        StrokeSession session = state.startStrokeSession(Samples.tattoo());
        session.update(0, 0);
        int before = proxy.turns();
        List<Duration> times = new ArrayList<>();
        for (int pose = 1; pose <= 9; pose++) {
            int next = pose;
            times.add(time(() -> session.update(0, next)));
        }
        assertThat(proxy.turns() - before).isEqualTo(9);
        assertThat(median(times)).isBetween(Duration.ofMillis(40), Duration.ofMillis(60));
        assertThat(session.progress().poseIdx()).isEqualTo(9);
    }

    @Test
    void aRobotStateIsOneRoundTripAfterTheFirst() {
        // The first reads what was stored before; both scripts are new to this Redis.
        state.updateRobotState(Samples.robot("hog").build());
        state.updateRobotState(Samples.robot("hog").build());
        int before = proxy.turns();
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            boolean connected = i % 2 == 0;
            times.add(time(() -> state.updateRobotState(
                    Samples.robot("hog").isConnectedL(connected).build())));
        }
        assertThat(proxy.turns() - before).isEqualTo(9);
        assertThat(median(times)).isBetween(Duration.ofMillis(40), Duration.ofMillis(60));
    }

    @Test
    void everyOtherWriteAndReadIsOneRoundTripToo() {
        // The scripts are new to this Redis; the first call of each brings it.
        StrokeSession session = state.startStrokeSession(Samples.tattoo());
        session.update(0, 1);
        state.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
        state.updateNodeHealth(Samples.health("hog").build());

        assertTurns(1, () -> state.updateNodeHealth(Samples.health("hog").build()));
        assertTurns(1, () -> state.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog")));
        assertTurns(1, () -> state.reportError("robot", "needle stuck", Map.of("arm", "l")));
        assertTurns(1, () -> state.startStrokeSession(Samples.tattoo()).id());
        assertTurns(1, session::pause);
        assertTurns(0, session::pause);
        assertTurns(1, session::resume);
        assertTurns(1, session::end);
        assertTurns(0, session::end);
        assertTurns(1, () -> assertThat(state.strokeProgress(session.id())).isPresent());
        assertTurns(1, () -> assertThat(state.nodeHealth("hog")).isPresent());
        assertTurns(1, () -> state.robotState("hog"));
        assertTurns(1, () -> state.strokeHistory(session.id(), 100));
        assertTurns(2, () -> state.all(Keys.NODE_HEALTH));
        assertTurns(2, () -> assertThat(state.currentSession()).isPresent());
        assertTurns(2, () -> state.systemStatus());
    }

    @Test
    void theStatusOfAThousandNodesTakesNoMoreRoundTripsThanThatOfTen() {
        try (StateManager near = StateManager.connect(redis.options().build())) {
            fill(near, 0, 10);
            int before = proxy.turns();
            assertThat(state.systemStatus().nodesOnline()).isEqualTo(10);
            int turnsOfTen = proxy.turns() - before;

            fill(near, 10, 1_000);
            Duration best = Duration.ofDays(1);
            int turnsOfThousand = Integer.MAX_VALUE;
            // The first few are slow because the code is cold; and a client that stalls while it asks looks like one
            // that waits,
            // so noise adds turns. It never takes one away: a status that needs more of them needs them every time.
            for (int i = 0; i < 20 && (best.toMillis() >= 200 || turnsOfThousand > turnsOfTen); i++) {
                int beforeThousand = proxy.turns();
                Duration taken = time(() -> {
                    SystemStatus status = state.systemStatus();
                    assertThat(status.nodesOnline()).isEqualTo(1_000);
                    assertThat(status.nodes()).allMatch(node -> node.robot() != null);
                    assertThat(status.activeSessions()).hasSize(20);
                });
                turnsOfThousand = Math.min(turnsOfThousand, proxy.turns() - beforeThousand);
                best = taken.compareTo(best) < 0 ? taken : best;
            }
            assertThat(turnsOfThousand).isEqualTo(turnsOfTen);
            assertThat(best).isLessThan(Duration.ofMillis(200));
            int beforeSearch = proxy.turns();
            assertThat(state.systemStatusOfAllNodes().nodesOnline()).isEqualTo(1_000);
            assertThat(proxy.turns() - beforeSearch).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void neverKeysAndNoScanButForASearch() {
        everything(state);
        assertThat(redis.calls("keys")).isZero();
        assertThat(redis.calls("scan")).isZero();
        assertThat(redis.calls("evalsha")).as("the client was at work").isPositive();

        try (StateManager near = StateManager.connect(redis.options().build())) {
            fill(near, 0, 4_000);
        }
        assertThat(redis.calls("scan")).isZero();
        assertThat(state.find(Keys.NODE_HEALTH).values()).hasSize(4_001);
        // Some 8,000 keys, 5,000 a step.
        assertThat(redis.calls("scan")).isBetween(1L, 4L);
        assertThat(state.systemStatusOfAllNodes().nodes()).hasSize(4_001);
        assertThat(redis.calls("scan")).isBetween(4L, 16L);
        assertThat(redis.calls("keys")).isZero();
    }

    @Test
    void keysOfAllKindsAreFoundInOnePass() {
        everything(state);
        redis.admin("SET unrelated x", "HSET node:healthy:x health {}");
        assertTurns(
                1,
                () -> assertThat(state.keys().stream()
                                .map(key -> key.kind().name())
                                .distinct())
                        .containsExactlyInAnyOrderElementsOf(
                                Keys.all().stream().map(KeyKind::name).toList()));
        assertThat(redis.calls("scan")).isEqualTo(1);
        assertThat(state.keys()).hasSize(8).doesNotHaveDuplicates();
    }

    /** Every call that there is, but for the two that search. */
    private static void everything(StateManager state) {
        Subscription one = state.subscribe(Channels.STROKE_PROGRESS, event -> {});
        Subscription many = state.subscribe(Channels.NODE_EVENTS, event -> {});
        try (StrokeSession session = state.startStrokeSession(100, 108, "tatbotlogo")) {
            session.update(5, 25);
            session.pause();
            session.resume();
            state.updateRobotState(Samples.robot("hog").build());
            state.updateNodeHealth(Samples.health("hog").build());
            state.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
            state.reportError("robot", "needle stuck", Map.of());
            state.strokeProgress(session.id());
            state.robotState("hog");
            state.nodeHealth("hog");
            state.currentSession();
            state.strokeHistory(session.id(), 10);
            state.systemStatus();
            state.all(Keys.ROBOT_STATE);
            state.all(Keys.NODE_HEALTH);
            state.all(Keys.STROKE_PROGRESS);
            state.get(Keys.robotState("hog"));
        }
        one.close();
        many.close();
        // Until then they may still say something.
        Awaitility.await().until(() -> !hasSubscribers());
    }

    private static boolean hasSubscribers() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.clientList().lines().anyMatch(client -> !client.contains(" sub=0 psub=0 "));
        }
    }

    private static void fill(StateManager state, int from, int to) {
        for (int i = from; i < to; i++) {
            state.updateNodeHealth(Samples.health("node" + i).build());
            state.updateRobotState(Samples.robot("node" + i).build());
            if (i % 50 == 0) {
                state.startStrokeSession(Samples.tattoo());
            }
        }
    }

    private void assertTurns(int turns, Runnable call) {
        int before = proxy.turns();
        call.run();
        assertThat(proxy.turns() - before).isEqualTo(turns);
    }

    private static Duration time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
