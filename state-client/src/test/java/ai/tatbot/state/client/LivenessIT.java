package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.health.HealthReporter;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.NodeOffline;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.NodeSilent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The coming and going of nodes is told once each, however many watch. */
@SuppressWarnings("try") // Reapers and reporters are started for what they do, and not asked.
class LivenessIT {
    private static final String[] TURNS = {"online", "offline", "restarted", "silent"};
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> started = new ArrayList<>();
    private final List<Event> published = new ArrayList<>();

    private RedisServer redis;
    private Eavesdropper eavesdropper;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        eavesdropper = Eavesdropper.on(redis);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
        eavesdropper.close();
        redis.close();
    }

    private <T extends AutoCloseable> T until(T end) {
        started.add(end);
        return end;
    }

    private StateOptions.Builder options(String node) {
        return redis.options()
                .nodeId(node)
                .heartbeatInterval(INTERVAL)
                .reapInterval(Duration.ofMillis(40))
                .connectTimeout(Duration.ofMillis(100))
                .timeout(Duration.ofMillis(300))
                .problemListener(problems::add);
    }

    private StateManager node(String node) {
        return until(StateManager.connect(options(node).build()));
    }

    /** Three that watch the others. */
    private StateManager watchers() {
        StateManager eek = node("eek");
        for (int i = 0; i < 3; i++) {
            until(Reaper.start(eek));
        }
        return eek;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
    }

    /** The turns of a node so far: all that were logged were published, and the other way round. */
    private List<Event> turns(String node) {
        List<String> logged = Log.logged(redis, TURNS).stream().map(Event::type).toList();
        published.addAll(Log.heard(eavesdropper, TURNS));
        // One that came between the two is looked at the next time.
        assertThat(published.stream().map(Event::type).limit(logged.size())).containsExactlyElementsOf(logged);
        assertThat(published.size() - logged.size()).isBetween(0, 1);
        return published.stream().filter(event -> node.equals(event.nodeId())).toList();
    }

    private List<String> types(String node) {
        return turns(node).stream().map(Event::type).toList();
    }

    private static SystemStatus.Node status(StateManager state, String node) {
        return state.systemStatus().nodes().stream()
                .filter(one -> one.id().equals(node))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itIsOnlineOnceAndOfflineOnceWhenItsHeartbeatsStop() {
        StateManager eek = watchers();
        StateManager hog = node("hog");
        Instant before = Instant.now();
        long rev = 0;
        for (int i = 0; i < 5; i++) {
            rev = hog.updateNodeHealth(Samples.health("hog").build());
        }
        assertThat(types("hog")).containsExactly("online");
        assertThat(turns("hog").get(0)).isInstanceOfSatisfying(NodeOnline.class, online -> {
            assertThat(online.rev())
                    .isEqualTo(hog.nodeHealth("hog").orElseThrow().revision().orElseThrow() - 4);
            assertThat(online.lastHeartbeat()).isEqualTo(online.timestamp());
        });
        SystemStatus.Node there = status(eek, "hog");
        assertThat(there.condition()).isEqualTo(Condition.ONLINE);
        assertThat(there.online()).isTrue();
        assertThat(there.since())
                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));

        Instant last = hog.nodeHealth("hog").orElseThrow().value().timestamp();
        await().until(() -> types("hog").size() == 2);
        Awaitility.await()
                .during(INTERVAL.multipliedBy(4))
                .until(() -> types("hog").size() == 2);
        long lastRev = rev;
        assertThat(turns("hog").get(1)).isInstanceOfSatisfying(NodeOffline.class, offline -> {
            assertThat(offline.rev()).isEqualTo(lastRev);
            assertThat(offline.lastHeartbeat()).isEqualTo(last);
            assertThat(Duration.between(last, offline.timestamp())).isGreaterThan(INTERVAL.multipliedBy(2));
        });
        SystemStatus.Node gone = status(eek, "hog");
        assertThat(gone.condition()).isEqualTo(Condition.OFFLINE);
        assertThat(gone.online()).isFalse();
        assertThat(gone.since()).isAfter(there.since());

        hog.updateNodeHealth(Samples.health("hog").build());
        assertThat(types("hog")).containsExactly("online", "offline", "online");
        assertThat(problems).isEmpty();
    }

    @Test
    void anOfflineNodeIsKnownThoughItsHeartbeatHasExpired() {
        StateManager eek = watchers();
        node("hog").updateNodeHealth(Samples.health("hog").build());
        redis.admin("DEL node:health:hog");
        assertThat(status(eek, "hog").condition()).isEqualTo(Condition.SILENT);
        await().until(() -> types("hog").equals(List.of("online", "offline")));
        assertThat(status(eek, "hog").condition()).isEqualTo(Condition.OFFLINE);
        assertThat(status(eek, "hog").health()).isNull();
    }

    @Test
    void aReporterSaysThatItsNodeLeaves() {
        StateManager eek = watchers();
        StateManager hog = node("hog");
        try (HealthReporter reporter = HealthReporter.start(hog)) {
            await().until(() -> types("hog").equals(List.of("online")));
            Awaitility.await()
                    .during(INTERVAL.multipliedBy(4))
                    .until(() -> types("hog").equals(List.of("online")));
        }
        // Said by the time that it is closed, and not found out.
        assertThat(types("hog")).containsExactly("online", "offline");
        assertThat(status(eek, "hog").condition()).isEqualTo(Condition.OFFLINE);
        assertThat(turns("hog").get(1).rev())
                .isEqualTo(hog.nodeHealth("hog").orElseThrow().rev());
        assertThat(hog.leave("hog")).as("said again").isFalse();
        Awaitility.await()
                .during(INTERVAL.multipliedBy(4))
                .until(() -> types("hog").size() == 2);
        assertThat(problems).isEmpty();
    }

    @Test
    void anotherProcessOfTheSameNodeIsToldOnce() throws Exception {
        watchers();
        // A process takes its time to start.
        StateManager hog = until(StateManager.connect(
                options("hog").heartbeatInterval(Duration.ofSeconds(20)).build()));
        hog.updateNodeHealth(Samples.health("hog").build());
        assertThat(process("hog")).isZero();
        assertThat(types("hog")).startsWith("online", "restarted");
        // The process before has nothing to say any more: not that it leaves either, which would be taken for the
        // other.
        assertThat(hog.leave("hog")).isFalse();
        await().until(() -> types("hog").equals(List.of("online", "restarted", "offline")));
    }

    /** Another process sends two heartbeats of a node, and dies. */
    private int process(String node) throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Beating.class.getName())
                .redirectErrorStream(true);
        java.environment()
                .putAll(Map.of(
                        "REDIS_URL",
                        redis.url(),
                        "STATE_NODE_ID",
                        node,
                        "STATE_HEARTBEAT_INTERVAL",
                        Double.toString(INTERVAL.toMillis() / 1_000.0)));
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(output).isTrue();
        return process.exitValue();
    }

    /** A process that sends two heartbeats. */
    static final class Beating {
        private Beating() {}

        public static void main(String[] arguments) {
            StateManager state =
                    StateManager.connect(StateOptions.fromEnvironment().build());
            state.updateNodeHealth(Samples.health(state.nodeId()).build());
            state.updateNodeHealth(Samples.health(state.nodeId()).build());
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void anOlderNodeIsOnlineThenSilentAndNeverOffline() {
        try (LegacyNode python = LegacyNode.beside(redis);
                Jedis jedis = redis.jedis()) {
            StateManager eek = watchers();
            python.run("write", "ook", "stroke_ook_1755547777");
            eek.systemStatusOfAllNodes();
            await().until(() -> types("ook").equals(List.of("online")));
            assertThat(turns("ook").get(0)).isInstanceOfSatisfying(NodeOnline.class, online -> {
                assertThat(online.rev()).isNull();
                assertThat(online.lastHeartbeat()).isEqualTo(Instant.parse("2025-08-18T20:09:36.500Z"));
            });
            assertThat(status(eek, "ook").condition()).isEqualTo(Condition.ONLINE);
            Awaitility.await()
                    .during(INTERVAL.multipliedBy(5))
                    .until(() -> types("ook").size() == 1);

            // Another one, an hour later by its clock: silence is to tell of that.
            String health = jedis.hget("node:health:ook", "health").replace("20:09:36.5", "21:09:36.5");
            jedis.hset("node:health:ook", "health", health);
            await().until(() -> jedis.hget("liveness:ook", "last_heartbeat").startsWith("2025-08-18T21:09:36.5"));
            jedis.del("node:health:ook");
            await().until(() -> types("ook").equals(List.of("online", "silent")));
            assertThat(turns("ook").get(1))
                    .isInstanceOfSatisfying(
                            NodeSilent.class,
                            silent -> assertThat(silent.lastHeartbeat())
                                    .isEqualTo(Instant.parse("2025-08-18T21:09:36.500Z")));
            assertThat(status(eek, "ook").condition()).isEqualTo(Condition.SILENT);
            assertThat(status(eek, "ook").since()).isNotNull();
            Awaitility.await()
                    .during(INTERVAL.multipliedBy(5))
                    .until(() -> types("ook").size() == 2);

            python.run("write", "ook", "stroke_ook_1755547777");
            await().until(() -> types("ook").equals(List.of("online", "silent", "online")));
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aRedisWithoutDataIsToldAnewAndAnOutageMakesNobodyOffline() {
        watchers();
        StateManager hog = node("hog");
        try (HealthReporter reporter = HealthReporter.start(hog)) {
            await().until(() -> types("hog").equals(List.of("online")));
            redis.freeze();
            try {
                Instant begin = Instant.now();
                await().until(() -> Duration.between(begin, Instant.now()).compareTo(INTERVAL.multipliedBy(6)) > 0);
            } finally {
                redis.thaw();
            }
            Awaitility.await()
                    .during(INTERVAL.multipliedBy(6))
                    .until(() -> types("hog").equals(List.of("online")));

            eavesdropper.close();
            redis.kill();
            redis.restart();
            eavesdropper = Eavesdropper.on(redis);
            await().until(() -> !Log.logged(redis, TURNS).isEmpty());
            assertThat(Log.logged(redis, TURNS).stream().map(Event::type)).containsExactly("online");
        }
    }

    @Test
    void aHeartbeatThatWasHeldUpIsNoComing() {
        // Whoever looks sees a heartbeat that is late; the script sees the one that has come since.
        try (Proxy proxy = Proxy.to(redis.port()).delay(Duration.ofMillis(30))) {
            StateManager far =
                    until(StateManager.connect(options("eek").port(proxy.port()).build()));
            until(Reaper.start(far));
            StateManager hog = node("hog");
            try (HealthReporter reporter = HealthReporter.start(hog)) {
                await().until(() -> types("hog").equals(List.of("online")));
                Awaitility.await()
                        .during(INTERVAL.multipliedBy(10))
                        .until(() -> types("hog").size() == 1);
            }
        }
    }
}
