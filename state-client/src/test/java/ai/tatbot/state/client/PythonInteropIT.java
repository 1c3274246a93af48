package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Older, Python nodes and this client in one fleet, each as it is: what either writes the other reads, field by field. */
class PythonInteropIT {
    private static final Instant PYTHON_TIME = Instant.parse("2025-08-18T20:09:37.123456Z");
    private static final String PYTHON_SESSION = "stroke_hog_1755547777";
    private static final JsonMapper JSON = new JsonMapper();

    private static RedisServer redis;
    private static LegacyNode python;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private StateManager java;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        python = LegacyNode.beside(redis);
    }

    @AfterAll
    static void stop() {
        python.close();
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL");
        java = StateManager.connect(
                redis.options().nodeId("ook").problemListener(problems::add).build());
    }

    @AfterEach
    void disconnect() {
        java.close();
    }

    @Test
    void javaReadsWhatPythonWrote() {
        python.run("write", "hog", PYTHON_SESSION);

        Versioned<RobotState> robot = java.robotState("hog").orElseThrow();
        assertThat(robot.rev()).isNull();
        assertThat(robot.lastUpdated())
                .isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(1));
        assertThat(robot.value())
                .isEqualTo(RobotState.builder()
                        .timestamp(PYTHON_TIME)
                        .nodeId("hog")
                        .isConnectedL(true)
                        .isConnectedR(false)
                        .jointsL(List.of(-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0))
                        .velocitiesR(List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5))
                        .currentPose("ready")
                        .goalTimeSlow(2.0)
                        .goalTimeFast(0.08)
                        .build());

        Versioned<StrokeProgress> progress = java.strokeProgress(PYTHON_SESSION).orElseThrow();
        assertThat(progress.rev()).isNull();
        assertThat(progress.lastUpdated()).isEqualTo(PYTHON_TIME);
        assertThat(progress.value()).isEqualTo(pythonProgress(5, 25));

        Versioned<NodeHealth> health = java.nodeHealth("hog").orElseThrow();
        assertThat(health.value())
                .isEqualTo(NodeHealth.builder()
                        .timestamp(Instant.parse("2025-08-18T20:09:37Z"))
                        .nodeId("hog")
                        .cpuPercent(12.0)
                        .memoryPercent(40.5)
                        .diskPercent(0.0)
                        .gpuAvailable(true)
                        .gpuMemoryPercent(33.0)
                        .isReachable(true)
                        .mcpServerRunning(true)
                        .mcpPort(8080)
                        .lastHeartbeat(Instant.parse("2025-08-18T20:09:36.5Z"))
                        .build());

        assertThat(java.strokeHistory(PYTHON_SESSION, 10)).singleElement().satisfies(entry -> {
            assertThat(entry.strokeIdx()).isEqualTo(5);
            assertThat(entry.poseIdx()).isEqualTo(25);
            assertThat(entry.descriptionL()).isEqualTo("true_blue \u00fcber path 1");
            assertThat(entry.descriptionR()).isEqualTo("bright_red path 1");
            assertThat(entry.nodeId()).isEqualTo("hog");
            assertThat(entry.rev()).isNull();
            assertThat(entry.time())
                    .isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(1));
        });
        assertThat(problems).isEmpty();
    }

    @Test
    void javaFindsPythonNodesByASearch() {
        python.run("write", "hog", PYTHON_SESSION);
        assertThat(java.systemStatus().nodes()).isEmpty();
        assertThat(java.currentSession()).isEmpty();

        SystemStatus status = java.systemStatusOfAllNodes();
        assertThat(status.nodes()).singleElement().satisfies(node -> {
            assertThat(node.id()).isEqualTo("hog");
            assertThat(node.online()).isTrue();
            assertThat(node.robot()).isNotNull();
        });
        assertThat(status.currentSession().orElseThrow().key().id()).isEqualTo(PYTHON_SESSION);
        // It is in the indexes now, so everyone finds it.
        assertThat(java.currentSession().orElseThrow().key().id()).isEqualTo(PYTHON_SESSION);
        assertThat(java.systemStatus().nodesOnline()).isEqualTo(1);
        assertThat(java.all(Keys.ROBOT_STATE).values()).hasSize(1);
        assertThat(java.find(Keys.STROKE_PROGRESS).values()).hasSize(1);
        assertThat(status.problems()).isEmpty();
    }

    @Test
    void aReaderWithoutRightsFindsPythonNodesAllTheSame() {
        python.run("write", "hog", PYTHON_SESSION);
        redis.admin("SADD index:sessions gone", "SADD index:nodes gone");
        Snapshot before = Snapshot.of(redis);
        redis.admin("ACL SETUSER reader reset on >reader-password ~* &* +@read +@connection +info");
        try (StateManager reader = StateManager.connect(redis.options()
                .username("reader")
                .password("reader-password")
                .problemListener(problems::add)
                .build())) {
            SystemStatus status = reader.systemStatusOfAllNodes();
            assertThat(status.nodesOnline()).isEqualTo(1);
            assertThat(status.currentSession()).isPresent();
            assertThat(reader.currentSession()).isEmpty();
        }
        before.assertUntouched(redis);
        assertThat(problems).isEmpty();
    }

    @Test
    void javaHearsWhatPythonPublishes() throws InterruptedException {
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        java.subscribe(Channels.STROKE_SESSION, heard::add);
        java.subscribe(Channels.STROKE_PROGRESS, heard::add);
        java.subscribe(Channels.ROBOT_EVENTS, heard::add);
        java.subscribe(Channels.ERROR_EVENTS, heard::add);

        python.run("publish", "hog", PYTHON_SESSION);

        Map<String, Event> byType = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            Event event = next(heard);
            assertThat(event.nodeId()).isEqualTo("hog");
            assertThat(event.rev()).isNull();
            assertThat(event.eventId()).isNull();
            assertThat(event.timestamp())
                    .isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(1));
            byType.put(event.type(), event);
        }
        assertThat(byType).containsOnlyKeys("session_start", "progress_update", "state_update", "error", "session_end");
        assertThat((SessionStart) byType.get("session_start")).satisfies(start -> {
            assertThat(start.sessionId()).isEqualTo(PYTHON_SESSION);
            assertThat(start.totalStrokes()).isEqualTo(100);
            assertThat(start.sceneName()).isEqualTo("tatbotlogo");
        });
        assertThat((ProgressUpdate) byType.get("progress_update")).satisfies(update -> {
            assertThat(update.sessionId()).isEqualTo(PYTHON_SESSION);
            assertThat(update.strokeIdx()).isEqualTo(5);
            assertThat(update.poseIdx()).isEqualTo(25);
            assertThat(update.totalStrokes()).isEqualTo(100);
            assertThat(update.strokeLength()).isEqualTo(108);
            assertThat(update.descriptionL()).isEqualTo("true_blue path 1");
            assertThat(update.descriptionR()).isEqualTo("bright_red path 1");
            assertThat(update.offsetIdxL()).isNull();
            assertThat(update.isExecuting()).isNull();
        });
        assertThat((StateUpdate) byType.get("state_update")).satisfies(update -> {
            assertThat(update.isConnectedL()).isTrue();
            assertThat(update.isConnectedR()).isFalse();
            assertThat(update.currentPose()).isEqualTo("ready");
            assertThat(update.jointsL()).isNull();
        });
        assertThat((ErrorReport) byType.get("error")).satisfies(error -> {
            assertThat(error.category()).isEqualTo("robot");
            assertThat(error.message()).isEqualTo("needle stuck");
            assertThat(error.details()).isEqualTo(Map.of("arm", "l", "tries", 3));
        });
        assertThat((SessionEnd) byType.get("session_end")).satisfies(end -> {
            assertThat(end.sessionId()).isEqualTo(PYTHON_SESSION);
            assertThat(end.reason()).isNull();
        });
        assertThat(problems).isEmpty();
    }

    @Test
    void otherProgressOnTheSameChannelReachesNoListener() throws InterruptedException {
        BlockingQueue<ProgressUpdate> heard = new LinkedBlockingQueue<>();
        Subscription subscription = java.subscribe(Channels.STROKE_PROGRESS, heard::add);

        python.run("other-progress", "hog");
        python.run("publish", "hog", PYTHON_SESSION);

        assertThat(next(heard).strokeIdx()).isEqualTo(5);
        assertThat(heard).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_EVENT);
            assertThat(problem.source()).isEqualTo("stroke:events:progress");
            assertThat(problem.message()).isEqualTo("session_id is required; passed over");
        });
        assertThat(subscription.condition()).isEqualTo(Subscription.Condition.LIVE);
    }

    @Test
    void pythonReadsWhatJavaWrote() {
        StrokeSession session = java.startStrokeSession(Samples.tattoo().datasetName("set-1"));
        session.update(next -> next.strokeIdx(5).poseIdx(25).strokeDescriptionL("\u00fcber \"quoted\" path\n2"));
        java.updateRobotState(Samples.robot("ook").build());
        Instant heartbeat = Instant.parse("2026-11-22T10:11:12.000001Z");
        java.updateNodeHealth(Samples.health("ook")
                .lastHeartbeat(heartbeat)
                .pingLatencyMs(0.25)
                .mcpPort(8080)
                .build());

        JsonNode found = JSON.readTree(python.run("scan").get(0));
        assertThat(found.propertyNames())
                .containsExactlyInAnyOrder("stroke:progress:" + session.id(), "robot:state:ook", "node:health:ook");
        JsonNode progress = found.get("stroke:progress:" + session.id());
        assertThat(withoutTime(progress)).isEqualTo(JSON.readTree("""
                        {"node_id":"ook","stroke_idx":5,"pose_idx":25,"total_strokes":100,"stroke_length":108,
                        "stroke_description_l":"\u00fcber \\"quoted\\" path\\n2","stroke_description_r":"bright_red path 1",
                        "offset_idx_l":16,"offset_idx_r":16,"is_executing":true,"is_paused":false,
                        "scene_name":"tatbotlogo","dataset_name":"set-1"}"""));
        assertThat(progress.get("timestamp").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(withoutTime(found.get("robot:state:ook"))).isEqualTo(JSON.readTree("""
                        {"node_id":"ook","is_connected_l":true,"is_connected_r":true,
                        "joints_l":[-0.44,1.38,1.19,-1.38,0.0,0.0,0.0],"joints_r":[0.44,1.38,1.19,-1.38,0.0,0.0,0.0],
                        "current_pose":"ready","goal_time_slow":1.2,"goal_time_fast":0.08}"""));
        assertThat(withoutTime(found.get("node:health:ook"))).isEqualTo(JSON.readTree("""
                        {"node_id":"ook","cpu_percent":12.5,"memory_percent":40.0,"disk_percent":70.0,"gpu_available":false,
                        "is_reachable":true,"ping_latency_ms":0.25,"mcp_server_running":false,"mcp_port":8080,
                        "last_heartbeat":"2026-11-22T10:11:12.000001Z"}"""));

        JsonNode hash = JSON.readTree(python.run("read", "robot:state:ook").get(0));
        assertThat(hash.propertyNames()).containsExactlyInAnyOrder("state", "last_updated", "rev");
        assertThat(hash.get("last_updated").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");

        JsonNode history = JSON.readTree(
                python.run("history", "stream:stroke_history:" + session.id()).get(0));
        assertThat(history.size()).isEqualTo(2);
        assertThat(history.get(1).get("stroke_idx").asString()).isEqualTo("5");
        assertThat(history.get(1).get("pose_idx").asString()).isEqualTo("25");
        assertThat(history.get(1).get("description_l").asString()).isEqualTo("\u00fcber \"quoted\" path\n2");
        assertThat(history.get(1).get("description_r").asString()).isEqualTo("bright_red path 1");
        assertThat(history.get(1).get("node_id").asString()).isEqualTo("ook");
    }

    @Test
    void pythonHearsWhatJavaPublishes() {
        try (LegacyNode.Running listening = python.start("listen", "6")) {
            assertThat(listening.line()).isEqualTo("\"ready\"");
            try (StrokeSession session = java.startStrokeSession(Samples.tattoo())) {
                session.update(5, 25);
                java.updateRobotState(Samples.robot("ook").isConnectedR(false).build());
                java.reportError("robot", "needle stuck", Map.of("arm", "l"));
                session.end(SessionEndReason.COMPLETED);

                List<JsonNode> heard = new ArrayList<>();
                listening.rest().forEach(line -> heard.add(JSON.readTree(line)));
                assertThat(heard.stream().map(line -> line.get("channel").asString()))
                        .containsExactly(
                                "stroke:events:session",
                                "stroke:events:progress",
                                "robot:events",
                                "robot:events",
                                "error:events:robot",
                                "stroke:events:session");
                assertFields(
                        heard.get(0),
                        "{'type':'session_start','session_id':'%s','node_id':'ook','total_strokes':100,'scene_name':'tatbotlogo'}",
                        session);
                assertFields(
                        heard.get(1),
                        "{'type':'progress_update','session_id':'%s','node_id':'ook','stroke_idx':5,'pose_idx':25,'total_strokes':100,'stroke_length':108,'description_l':'true_blue path 1','description_r':'bright_red path 1','offset_idx_l':16,'is_executing':true,'is_paused':false}",
                        session);
                assertFields(
                        heard.get(2),
                        "{'type':'state_update','node_id':'ook','is_connected_l':true,'is_connected_r':false,'current_pose':'ready'}",
                        session);
                assertFields(heard.get(3), "{'type':'arm_connected','node_id':'ook','arm':'l'}", session);
                assertFields(
                        heard.get(4),
                        "{'type':'error','category':'robot','message':'needle stuck','details':{'arm':'l'},'node_id':'ook'}",
                        session);
                assertFields(
                        heard.get(5),
                        "{'type':'session_end','session_id':'%s','node_id':'ook','reason':'completed','stroke_idx':5,'pose_idx':25}",
                        session);
            }
        }
    }

    @Test
    void theRevisionGrowsAlthoughPythonRewritesTheDocument() {
        StrokeSession session = java.startStrokeSession(Samples.tattoo());
        long first = session.revision();
        List<Long> revisions = new ArrayList<>();
        java.subscribe(Channels.STROKE_PROGRESS, update -> revisions.add(update.rev()));
        for (int round = 1; round <= 3; round++) {
            python.run("rewrite", "hog", session.id(), Integer.toString(round), "77");
            Versioned<StrokeProgress> foreign =
                    java.strokeProgress(session.id()).orElseThrow();
            assertThat(foreign.rev()).as("a foreign write keeps our revision").isEqualTo(first + round - 1);
            assertThat(foreign.value()).isEqualTo(pythonProgress(round, 77));
            try (Jedis jedis = redis.jedis()) {
                assertThat(jedis.pttl("stroke:progress:" + session.id())).isPositive();
            }

            session.update(round, 78);
            Versioned<StrokeProgress> ours = java.strokeProgress(session.id()).orElseThrow();
            assertThat(ours.rev()).isEqualTo(first + round);
            assertThat(ours.value().poseIdx()).isEqualTo(78);
            assertThat(ours.value().nodeId()).isEqualTo("ook");
        }
        org.awaitility.Awaitility.await().until(() -> revisions.size() == 3);
        assertThat(revisions).containsExactly(first + 1, first + 2, first + 3);
        assertThat(java.strokeHistory(session.id(), 100)).hasSize(7);
    }

    @Test
    void aForeignRewriteCountsAsTheLastWrite() {
        StrokeSession session = java.startStrokeSession(Samples.tattoo());
        Instant later = session.progress().timestamp().plusSeconds(60);
        String document = "{\"timestamp\":\"" + later.toString().replace("Z", "") + "\",\"node_id\":\"hog\"}";
        try (Jedis jedis = redis.jedis()) {
            jedis.hset("stroke:progress:" + session.id(), "progress", document);
        }
        assertThat(java.strokeProgress(session.id()).orElseThrow().lastUpdated())
                .isEqualTo(later);
    }

    @Test
    void anOlderDocumentTakesItsFirstRevisionFromOurFirstWrite() {
        python.run("write", "ook", PYTHON_SESSION);
        long rev =
                java.updateRobotState(Samples.robot("ook").isConnectedR(false).build());
        assertThat(Duration.between(Instant.ofEpochSecond(0, rev * 1_000), Instant.now()))
                .isLessThan(Duration.ofSeconds(20));
        assertThat(java.robotState("ook").orElseThrow().rev()).isEqualTo(rev);
        // Python never let it expire; from our first write on it does.
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.ttl("robot:state:ook")).isBetween(86_000L, 86_400L);
        }
        assertThat(java.systemStatus().nodes()).hasSize(1);
    }

    private static StrokeProgress pythonProgress(int stroke, int pose) {
        return StrokeProgress.builder()
                .timestamp(PYTHON_TIME)
                .nodeId("hog")
                .strokeIdx(stroke)
                .poseIdx(pose)
                .totalStrokes(100)
                .strokeLength(108)
                .strokeDescriptionL("true_blue \u00fcber path 1")
                .strokeDescriptionR("bright_red path 1")
                .offsetIdxL(3)
                .offsetIdxR(16)
                .isExecuting(true)
                .isPaused(false)
                .sceneName("tatbotlogo")
                .build();
    }

    private static void assertFields(JsonNode heard, String expected, StrokeSession session) {
        JsonNode event = heard.get("event");
        JsonNode fields = JSON.readTree(expected.replace("%s", session.id()).replace('\'', '"'));
        fields.propertyStream()
                .forEach(field ->
                        assertThat(event.get(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
        assertThat(event.get("timestamp").asString()).endsWith("Z");
    }

    private static JsonNode withoutTime(JsonNode document) {
        return document.deepCopy().asObject().without("timestamp");
    }

    private static <E> E next(BlockingQueue<E> queue) throws InterruptedException {
        E next = queue.poll(5, TimeUnit.SECONDS);
        assertThat(next).as("an event within 5 s").isNotNull();
        return next;
    }
}
