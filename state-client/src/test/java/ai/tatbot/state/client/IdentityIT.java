package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.StreamEntry;

/** Ids, revisions and lifetimes: unique, never backwards, as long as the schema says. */
class IdentityIT {
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.admin("FLUSHALL");
    }

    private static StateManager connect(String nodeId) {
        return StateManager.connect(redis.options().nodeId(nodeId).build());
    }

    @Test
    void aThousandSessionsOfFourProcessesHaveDifferentIds() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            List<BufferedReader> outputs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Process process = startProcess();
                processes.add(process);
                outputs.add(process.inputReader(StandardCharsets.UTF_8));
            }
            for (BufferedReader output : outputs) {
                assertThat(output.readLine()).isEqualTo("ready");
            }
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            List<String> ids = new ArrayList<>();
            for (BufferedReader output : outputs) {
                ids.addAll(output.lines().toList());
            }
            assertThat(ids).hasSize(1_000).doesNotHaveDuplicates().allMatch(id -> id.startsWith("stroke_hog_"));
            try (StateManager state = connect("ook")) {
                assertThat(state.systemStatus().activeSessions()).hasSize(1_000);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static Process startProcess() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SessionStarter.class.getName(),
                "250");
        builder.environment().put("REDIS_URL", redis.url());
        builder.environment().put("STATE_NODE_ID", "hog");
        builder.environment().put("STATE_CONNECTION_TIMEOUT", "10");
        builder.environment().put("STATE_TIMEOUT", "10");
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    @Test
    void anEndedSessionIsNotActive() {
        try (StateManager hog = connect("hog");
                StateManager ook = connect("ook")) {
            StrokeSession first = hog.startStrokeSession(Samples.tattoo());
            StrokeSession second = hog.startStrokeSession(Samples.tattoo());
            assertThat(ook.currentSession().orElseThrow().key().id()).isEqualTo(second.id());
            second.pause();
            assertThat(ook.currentSession().orElseThrow().key().id()).isEqualTo(second.id());
            second.end();
            assertThat(ook.currentSession().orElseThrow().key().id()).isEqualTo(first.id());
            assertThat(ook.systemStatus().activeSessions()).hasSize(1);
            first.close();
            SystemStatus status = ook.systemStatus();
            assertThat(status.activeSessions()).isEmpty();
            assertThat(status.currentSession()).isEmpty();
            assertThat(status.sessions()).hasSize(2);
            assertThat(ook.currentSession()).isEmpty();
        }
    }

    @Test
    void everyKeyLivesAsLongAsTheSchemaSays() {
        try (StateManager hog = connect("hog")) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            hog.updateRobotState(Samples.robot("hog").build());
            hog.updateNodeHealth(Samples.health("hog").build());
            assertLives("stroke:progress:" + session.id(), DAY);
            assertLives("stream:stroke_history:" + session.id(), DAY);
            assertLives("robot:state:hog", DAY);
            assertLives("node:health:hog", 60);
            assertLives("events:log", 7 * DAY);
            assertLives("liveness:hog", Keys.LIVENESS.ttl().orElseThrow().toSeconds());
            try (Jedis jedis = redis.jedis()) {
                assertThat(jedis.keys("*")).hasSize(8);
                assertThat(jedis.ttl("index:nodes")).isEqualTo(-1);
                assertThat(jedis.ttl("index:sessions")).isEqualTo(-1);
            }
            session.update(1, 1);
            session.end();
            assertLives("stroke:progress:" + session.id(), DAY);
            assertLives("stream:stroke_history:" + session.id(), DAY);
        }
    }

    @Test
    void whatIsDueIsRenewed() {
        // A lease of 100 ms is renewed after a third of it, and the rest with it.
        StateOptions options = redis.options()
                .nodeId("hog")
                .sessionLease(Duration.ofMillis(100))
                .build();
        try (StateManager hog = StateManager.connect(options)) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            hog.updateRobotState(Samples.robot("hog").build());
            hog.updateNodeHealth(Samples.health("hog").build());
            redis.admin(
                    "PEXPIRE stroke:progress:" + session.id() + " 30000",
                    "PEXPIRE stream:stroke_history:" + session.id() + " 30000",
                    "PEXPIRE robot:state:hog 30000",
                    "PEXPIRE node:health:hog 30000",
                    "PEXPIRE events:log 30000",
                    "DEL index:nodes");
            Awaitility.await().untilAsserted(() -> {
                session.update(1, 1);
                assertLives("stroke:progress:" + session.id(), DAY);
                assertLives("stream:stroke_history:" + session.id(), DAY);
            });
            session.pause();
            assertLives("events:log", 7 * DAY);
            // A new process has everything to renew.
            try (StateManager again = connect("hog")) {
                again.updateRobotState(Samples.robot("hog").build());
                again.updateNodeHealth(Samples.health("hog").build());
                assertThat(again.systemStatus().nodes()).hasSize(1);
            }
            assertLives("robot:state:hog", DAY);
            assertLives("node:health:hog", 60);
        }
    }

    @Test
    void whatHasExpiredLeavesTheIndexOfSessions() {
        try (StateManager hog = connect("hog")) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            redis.admin("SADD index:sessions gone1 gone2 unreadable", "HSET stroke:progress:unreadable progress {}");
            assertThat(hog.all(Keys.STROKE_PROGRESS).values()).hasSize(1);
            assertSessions(session.id(), "unreadable");
            redis.admin("SADD index:sessions gone3");
            assertThat(hog.currentSession()).isPresent();
            assertSessions(session.id(), "unreadable");
        }
    }

    private static void assertSessions(String... ids) {
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.smembers("index:sessions")).containsExactlyInAnyOrder(ids);
        }
    }

    @Test
    void theLeaseOfASessionIsRenewedAndEndsWithIt() {
        try (StateManager hog = connect("hog");
                Jedis jedis = redis.jedis()) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            String key = "stroke:progress:" + session.id();
            long now = Long.parseLong(jedis.time().get(0)) * 1_000;
            assertThat(Long.parseLong(jedis.hget(key, "lease_until"))).isBetween(now + 8_000, now + 12_000);
            assertThat(jedis.hget(key, "fence")).isEqualTo("1");
            session.end();
            assertThat(jedis.hget(key, "lease_until")).isEqualTo("0");
            assertThat(jedis.hget(key, "fence")).isEqualTo("2");
        }
    }

    @Test
    void revisionsNeverGoBackwards() throws Exception {
        try (StateManager hog = connect("hog")) {
            List<Long> revisions = new ArrayList<>();
            revisions.add(write(hog));
            revisions.add(write(hog));
            redis.admin("DEL robot:state:hog");
            revisions.add(write(hog));
            try (Jedis jedis = redis.jedis()) {
                jedis.pexpire("robot:state:hog", 1);
                Awaitility.await().until(() -> !jedis.exists("robot:state:hog"));
            }
            revisions.add(write(hog));
            redis.admin("FLUSHALL");
            revisions.add(write(hog));
            redis.kill();
            redis.restart();
            revisions.add(write(hog));
            redis.admin("HDEL robot:state:hog rev");
            revisions.add(write(hog));
            redis.admin("HSET robot:state:hog rev nonsense");
            revisions.add(write(hog));
            assertThat(revisions).isSorted().doesNotHaveDuplicates();
            assertThat(revisions.get(1)).isEqualTo(revisions.get(0) + 1);
        }
    }

    private static long write(StateManager state) {
        return state.updateRobotState(Samples.robot("hog").build());
    }

    @Test
    void revisionsOfConcurrentWritersHaveNoGapsAndArriveInOrder() throws Exception {
        int threads = 8;
        List<Event> heard = new CopyOnWriteArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (StateManager hog = connect("hog");
                StateManager ook = connect("ook")) {
            long first = write(hog);
            ook.subscribe(Channels.ROBOT_EVENTS, heard::add);
            List<Callable<List<Long>>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                StateManager writer = i % 2 == 0 ? hog : ook;
                writers.add(() ->
                        LongStream.range(0, 100).map(n -> write(writer)).boxed().toList());
            }
            Set<Long> revisions = new HashSet<>();
            for (Future<List<Long>> written : pool.invokeAll(writers)) {
                assertThat(written.get()).isSorted();
                revisions.addAll(written.get());
            }
            List<Long> expected =
                    LongStream.rangeClosed(first + 1, first + 800).boxed().toList();
            assertThat(revisions).containsExactlyInAnyOrderElementsOf(expected);
            Awaitility.await().until(() -> heard.size() >= 800);
            assertThat(heard.stream().map(Event::rev)).containsExactlyElementsOf(expected);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void armEventsOfManyThreadsAlternate() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (StateManager hog = connect("hog")) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(i);
                writers.add(() -> {
                    for (int n = 0; n < 100; n++) {
                        hog.updateRobotState(Samples.robot("hog")
                                .isConnectedL(random.nextBoolean())
                                .isConnectedR(random.nextBoolean())
                                .build());
                    }
                    return null;
                });
            }
            for (Future<Void> written : pool.invokeAll(writers)) {
                written.get();
            }
            RobotState last = hog.robotState("hog").orElseThrow().value();
            assertAlternates("l", last.isConnectedL());
            assertAlternates("r", last.isConnectedR());
        } finally {
            pool.shutdownNow();
        }
    }

    /** The log tells of this arm connecting and disconnecting by turns, and last of what is stored. */
    private static void assertAlternates(String arm, boolean connectedLast) {
        List<String> types = new ArrayList<>();
        try (Jedis jedis = redis.jedis()) {
            for (StreamEntry entry : jedis.xrange("events:log", "-", "+")) {
                String event = entry.getFields().get("event");
                if (event != null && event.contains("\"arm\":\"" + arm + "\"")) {
                    types.add(event.contains("\"arm_connected\"") ? "arm_connected" : "arm_disconnected");
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(20);
        for (int i = 0; i < types.size(); i++) {
            assertThat(types.get(i)).as("event %s", i).isEqualTo(i % 2 == 0 ? "arm_connected" : "arm_disconnected");
        }
        assertThat(types.size() % 2 == 1).isEqualTo(connectedLast);
    }

    @Test
    void updatesOfOneSessionFromManyThreadsAreDoneOneAfterAnother() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (StateManager hog = connect("hog");
                StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
            long first = session.revision();
            List<Callable<Long>> updates = new ArrayList<>();
            for (int i = 1; i <= 200; i++) {
                updates.add(() ->
                        session.update(next -> next.poseIdx(session.progress().poseIdx() + 1)));
            }
            Set<Long> revisions = new HashSet<>();
            for (Future<Long> update : pool.invokeAll(updates)) {
                revisions.add(update.get());
            }
            assertThat(revisions).hasSize(200);
            assertThat(session.revision()).isEqualTo(first + 200);
            assertThat(session.progress().poseIdx()).isEqualTo(200);
            assertThat(hog.strokeHistory(session.id(), 1_000)).hasSize(201);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aRedisThatHasForgottenOurScriptsGetsThemAgain() {
        try (StateManager hog = connect("hog")) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            long revision = session.update(1, 1);
            redis.admin("SCRIPT FLUSH");
            assertThat(session.update(1, 2)).isEqualTo(revision + 1);
            redis.admin("SCRIPT FLUSH");
            session.pause();
            redis.admin("SCRIPT FLUSH");
            assertThat(hog.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog")))
                    .isPresent();
            assertThat(session.revision()).isEqualTo(revision + 2);
        }
    }

    @Test
    void namespacesDoNotSeeEachOther() throws InterruptedException {
        BlockingQueue<Event> heardA = new LinkedBlockingQueue<>();
        BlockingQueue<Event> heardB = new LinkedBlockingQueue<>();
        try (StateManager a = StateManager.connect(
                        redis.options().nodeId("hog").namespace("{fleet-a}").build());
                StateManager b = StateManager.connect(
                        redis.options().nodeId("hog").namespace("fleet.b").build());
                StateManager none = connect("hog")) {
            for (var subscriber : List.of(a, none)) {
                BlockingQueue<Event> heard = subscriber == a ? heardA : heardB;
                subscriber.subscribe(Channels.STROKE_PROGRESS, heard::add);
                subscriber.subscribe(Channels.NODE_EVENTS, heard::add);
            }
            b.subscribe(Channels.STROKE_PROGRESS, heardB::add);
            b.subscribe(Channels.NODE_EVENTS, heardB::add);
            StrokeSession session = a.startStrokeSession(Samples.tattoo());
            session.update(5, 25);
            a.updateRobotState(Samples.robot("hog").build());
            a.updateNodeHealth(Samples.health("hog").build());
            a.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));

            try (Jedis jedis = redis.jedis()) {
                assertThat(jedis.keys("*")).hasSize(8).allMatch(key -> key.startsWith("{fleet-a}:"));
            }
            // A position, that the node is online, and its health.
            for (int i = 0; i < 3; i++) {
                assertThat(heardA.poll(5, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(a.currentSession().orElseThrow().key().id()).isEqualTo(session.id());
            assertThat(a.systemStatus().nodes()).hasSize(1);
            assertThat(a.systemStatusOfAllNodes().nodes()).hasSize(1);
            assertThat(a.strokeHistory(session.id(), 10)).hasSize(2);
            for (StateManager other : List.of(b, none)) {
                assertThat(other.currentSession()).isEmpty();
                assertThat(other.strokeProgress(session.id())).isEmpty();
                assertThat(other.systemStatusOfAllNodes().nodes()).isEmpty();
            }
            b.updateNodeHealth(Samples.health("hog").build());
            // It is online, and this is its health.
            assertThat(heardB.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(heardB.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(heardB).isEmpty();
            assertThat(heardA).isEmpty();
            assertThat(b.systemStatusOfAllNodes().nodes()).hasSize(1);
        }
    }

    private static void assertLives(String key, long seconds) {
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.ttl(key)).as("time to live of %s", key).isBetween(seconds - 30, seconds);
        }
    }
}
