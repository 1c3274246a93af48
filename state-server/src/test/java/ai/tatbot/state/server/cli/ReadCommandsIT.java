package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.testkit.Cli;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** get, list and status against a real Redis. */
class ReadCommandsIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PYTHON_STATE =
            "{\"timestamp\": \"2025-08-18T20:09:37.123456\", \"node_id\": \"hog\", \"is_connected_l\": true,"
                    + " \"joints_l\": [1, 2.50], \"joints_r\": null, \"current_pose\": \"ready\", \"firmware\": \"7\"}";

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
        try (Jedis jedis = redis.jedis()) {
            jedis.flushAll();
        }
    }

    private static Cli.Outcome run(String... arguments) {
        return Cli.with(redis).run(arguments);
    }

    private static void hset(String key, String field, String value) {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset(key, field, value);
        }
    }

    private static String startSession(StateManager hog) {
        StrokeSession session = hog.startStrokeSession(4, 108, "tatbotlogo");
        session.update(1, 53);
        return session.id();
    }

    private static StateManager node(String id) {
        return StateManager.connect(redis.options().nodeId(id).build());
    }

    // ---- get

    @Test
    void getShowsWhatAnOlderNodeWroteUnknownFieldsToo() {
        hset("robot:state:hog", "state", PYTHON_STATE);
        Cli.Outcome outcome = run("get", "robot:state:hog");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.lines())
                .startsWith("robot:state:hog", "  revision      none: written by an older node")
                .contains(
                        "  expires       never",
                        "  is_connected_l  true",
                        "  joints_l        [1,2.50]",
                        "  joints_r        null",
                        "  current_pose    ready",
                        "  firmware        7");
    }

    @Test
    void getWritesJson() {
        long revision;
        try (StateManager hog = node("hog")) {
            revision = hog.updateRobotState(Samples.robot("hog").build());
        }
        JsonNode json = JSON.readTree(run("get", "robot:state:hog", "--json").out());
        assertThat(json.get("key").asString()).isEqualTo("robot:state:hog");
        assertThat(json.get("rev").asLong()).isEqualTo(revision);
        assertThat(json.get("age_ms").asLong()).isBetween(0L, 60_000L);
        assertThat(json.get("ttl_ms").asLong()).isBetween(86_000_000L, 86_400_000L);
        assertThat(json.get("value").get("node_id").asString()).isEqualTo("hog");
    }

    @Test
    void getShowsTheAgeOfAnOlderNodesRewrite() {
        try (StateManager hog = node("hog")) {
            hog.updateRobotState(Samples.robot("hog").build());
        }
        hset("robot:state:hog", "last_updated", "2025-08-18T20:09:37.123456Z");
        String now =
                LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS).toString();
        hset("robot:state:hog", "state", PYTHON_STATE.replace("2025-08-18T20:09:37.123456", now));
        JsonNode json = JSON.readTree(run("get", "robot:state:hog", "--json").out());
        assertThat(json.get("age_ms").asLong()).isBetween(0L, 60_000L);
        assertThat(json.get("last_updated").asString()).startsWith(now.substring(0, 16));
        assertThat(json.get("value").get("firmware").asString()).isEqualTo("7");
    }

    @Test
    void getShowsStreamsAndSets() {
        String session;
        try (StateManager hog = node("hog")) {
            session = startSession(hog);
        }
        assertThat(run("get", "stream:stroke_history:" + session).out())
                .contains("  length        2 entries", "stroke_idx 1  pose_idx 53");
        assertThat(run("get", "events:log").out()).contains("channel stroke:events:session  seq ");
        JsonNode log =
                JSON.readTree(run("get", "events:log", "--json", "--last", "1").out());
        assertThat(log.get("length").asLong()).isEqualTo(1);
        assertThat(log.get("entries").get(0).get("event").get("type").asString())
                .isEqualTo("session_start");
        assertThat(run("get", "index:sessions").lines()).contains("  length        1 member", "  " + session);
        assertThat(JSON.readTree(run("get", "index:sessions", "--json").out())
                        .get("members")
                        .get(0)
                        .asString())
                .isEqualTo(session);
    }

    @Test
    void getOfAMissingKeyIsNotFound() {
        Cli.Outcome outcome = run("get", "robot:state:hog");
        assertThat(outcome.exit()).isEqualTo(4);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualTo("tatbot-state get: there is no robot:state:hog at 127.0.0.1:" + redis.port()
                        + ". See what there is: tatbot-state list\n");
        assertThat(run("get", "robot:state:hog", "--json").err()).startsWith("{\"error\":{\"code\":\"not_found\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "robot:state:*", "robot:state:", "robot:state:a:b", "robot:state:a\nb", "secret", ""})
    void getOfAKeyOutsideTheSchemaIsWrongUsage(String key) {
        Cli.Outcome outcome = run("get", key);
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state get: \"" + key.replace("\n", "\\n")
                        + "\" is no key of the schema. Keys are: events:log, index:nodes, index:sessions,"
                        + " liveness:{node_id}, node:health:{node_id}, robot:state:{node_id}, stream:stroke_history:{session_id},"
                        + " stroke:progress:{session_id}; ids are letters, digits, _, . and -.\n");
    }

    @Test
    void getOfATenKilobyteKeyIsWrongUsageInFewWords() {
        Cli.Outcome outcome = run("get", "robot:state:" + "x".repeat(10_000));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).hasSizeLessThan(500).contains("(10012 characters) is no key of the schema");
    }

    @Test
    void getOfWhatIsNoJsonSaysWhere() {
        hset("robot:state:hog", "state", "{\"is_conn");
        Cli.Outcome outcome = run("get", "robot:state:hog");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state get: reading robot:state:hog: the stored document does not fit its schema: not"
                        + " JSON at byte 9: \"Unexpected end-of-input in property name\"\n");
    }

    @Test
    void getOfWhatDoesNotFitSaysWhichField() {
        hset(
                "node:health:hog",
                "health",
                "{\"timestamp\": \"2025-08-18T20:09:37\", \"node_id\": \"hog\", \"cpu_percent\": 140}");
        assertThat(run("get", "node:health:hog").err())
                .isEqualTo("tatbot-state get: reading node:health:hog: the stored document does not fit its schema:"
                        + " cpu_percent must be from 0 to 100, was 140\n");
        hset("stroke:progress:x", "progress", "{\"node_id\": \"hog\"}");
        assertThat(run("get", "stroke:progress:x").err()).endsWith("its schema: timestamp is required\n");
        hset("stroke:progress:y", "rev", "7");
        assertThat(run("get", "stroke:progress:y").err())
                .isEqualTo(
                        "tatbot-state get: reading stroke:progress:y: the hash has no field progress, which should hold"
                                + " the document. Something else has written this key.\n");
    }

    @Test
    void getOfAnotherRedisTypeSaysSo() {
        try (Jedis jedis = redis.jedis()) {
            jedis.set("robot:state:hog", "x");
        }
        Cli.Outcome outcome = run("get", "robot:state:hog");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith(
                        "tatbot-state get: reading robot:state:hog: the key, or one that belongs to it, holds another"
                                + " Redis type.");
    }

    @Test
    void whatAWriterStoredCannotSteerTheTerminal() {
        hset(
                "robot:state:hog",
                "state",
                PYTHON_STATE.replace("ready", "\\u001b[2Jready\u202e").replace("firmware", "firm\\u001bware"));
        assertThat(run("get", "robot:state:hog").out())
                .contains("\\u001b[2Jready\\u202e", "firm\\u001bware")
                .doesNotContain("\u001b", "\u202e");
        assertThat(run("get", "robot:state:hog", "--json").out()).doesNotContain("\u001b", "\u202e");
        assertThat(run("status").out()).doesNotContain("\u001b", "\u202e");
    }

    // ---- list

    @Test
    void listFindsWhatOlderNodesWroteAndSaysWhatIsInvalid() {
        hset("robot:state:hog", "state", PYTHON_STATE);
        hset("robot:state:ook", "state", "{");
        try (StateManager eek = node("eek")) {
            eek.updateNodeHealth(Samples.health("eek").build());
        }
        Cli.Outcome outcome = run("list");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines().get(0)).matches("KEY +KIND +REVISION +AGE");
        assertThat(outcome.lines().get(1)).startsWith("events:log ");
        assertThat(outcome.lines().get(2)).startsWith("index:nodes ");
        assertThat(outcome.lines().get(3)).matches("liveness:eek +liveness \\(hash\\) +- +-");
        assertThat(outcome.lines().get(4)).matches("node:health:eek +node_health \\(hash\\) +\\d{16} +\\d.*");
        assertThat(outcome.lines().get(5)).matches("robot:state:hog +robot_state \\(hash\\) +- +\\d+ d \\d+ h");
        assertThat(outcome.lines().get(6))
                .matches("robot:state:ook +robot_state \\(hash\\) +- +- +invalid: not JSON at byte 1: .*");
        assertThat(outcome.lines().get(7)).isEqualTo("6 keys, 1 invalid");
    }

    @Test
    void aHashThatIsNoDocumentIsShownByItsFields() {
        try (StateManager eek = node("eek")) {
            eek.updateNodeHealth(Samples.health("eek").build());
        }
        assertThat(run("get", "liveness:eek").out())
                .containsPattern("condition +online")
                .contains("interval");
        assertThat(run("get", "liveness:eek", "--json").out()).contains("\"condition\":\"online\"");
    }

    @Test
    void listSweepsOnce() {
        hset("robot:state:hog", "state", PYTHON_STATE);
        redis.admin("CONFIG RESETSTAT");
        assertThat(run("list").lines()).hasSize(3);
        assertThat(redis.calls("scan")).isEqualTo(1);
        assertThat(run("list", "robot:state:").lines()).hasSize(3);
        assertThat(redis.calls("scan")).isEqualTo(2);
    }

    @Test
    void aKeyOfAnotherRedisTypeIsListedAsInvalid() {
        try (Jedis jedis = redis.jedis()) {
            jedis.set("robot:state:hog", "x");
        }
        assertThat(run("list").lines().get(1)).contains("robot:state:hog", "invalid: ", "another Redis type");
    }

    @Test
    void listOfAPrefixAsJson() {
        hset("robot:state:hog", "state", PYTHON_STATE);
        hset("robot:state:hog2", "state", "{}");
        hset("robot:state:ook", "state", PYTHON_STATE);
        List<String> lines = run("list", "robot:state:h", "--json").lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("{\"key\":\"robot:state:hog\",\"kind\":\"robot_state\",\"type\":\"hash\",\"rev\":null,"
                        + "\"last_updated\":\"2025-08-18T20:09:37.123456Z\",\"age_ms\":");
        assertThat(lines.get(1))
                .isEqualTo("{\"key\":\"robot:state:hog2\",\"kind\":\"robot_state\",\"type\":\"hash\","
                        + "\"invalid\":\"timestamp is required\"}");
    }

    @Test
    void listOfNothingSaysSo() {
        assertThat(run("list").out()).isEqualTo("There are no keys yet.\n");
        assertThat(run("list", "node:health:").out()).isEqualTo("No key begins with \"node:health:\".\n");
        assertThat(run("list", "--json").out()).isEmpty();
        assertThat(run("list", "nope").exit()).isEqualTo(2);
    }

    // ---- status

    @Test
    void statusShowsNodesAndTheCurrentSession() {
        hset("robot:state:hog", "state", PYTHON_STATE);
        hset("node:health:bad", "health", "no");
        try (StateManager eek = node("eek");
                StateManager hog = node("hog")) {
            eek.updateNodeHealth(Samples.health("eek").build());
            String session = startSession(hog);
            Cli.Outcome outcome = run("status");
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.out())
                    .contains(" at 127.0.0.1:" + redis.port() + ", 1 of 2 nodes online")
                    .contains(session + "  executing  tatbotlogo on hog, ")
                    .contains("  stroke  2 of 4        [####################....................]")
                    .contains("  pose    54 of 108     [####################....................]")
                    .contains("invalid: node:health:bad: not JSON at byte ");
            assertThat(outcome.out()).containsPattern("eek +online +");
            assertThat(outcome.out()).containsPattern("hog +silent +- +- +- +- +- +ready +left only");
            JsonNode json = JSON.readTree(run("status", "--json").out());
            assertThat(json.get("nodes_online").asInt()).isEqualTo(1);
            assertThat(json.get("nodes")).hasSize(2);
            assertThat(json.get("current_session")
                            .get("value")
                            .get("stroke_idx")
                            .asInt())
                    .isEqualTo(1);
            assertThat(json.get("active_sessions").get(0).asString()).isEqualTo(session);
            assertThat(json.get("problems").get(0).get("key").asString()).isEqualTo("node:health:bad");
        }
    }

    @Test
    void statusOfAnEmptyRedis() {
        assertThat(run("status").out()).contains("0 of 0 nodes online", "No session is executing.");
        assertThat(JSON.readTree(run("status", "--json").out())
                        .get("current_session")
                        .isNull())
                .isTrue();
    }

    // ---- connection

    @Test
    void aWrongPasswordIsRefused() {
        Cli.Outcome outcome =
                Cli.with(redis).environment("REDIS_PASSWORD", "wrong").run("status");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state status: connecting: 127.0.0.1:" + redis.port()
                        + " refused the user or password. Check REDIS_USERNAME and REDIS_PASSWORD.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "list", "watch"})
    void noRedisIsUnavailable(String command) {
        Cli.Outcome outcome = Cli.bare().run(command, "--redis", "redis://127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualTo("tatbot-state " + command
                        + ": connecting: cannot connect to Redis at 127.0.0.1:1. Is it running,"
                        + " and are REDIS_URL or REDIS_HOST and REDIS_PORT right?\n");
    }

    @Test
    void aNamespaceIsAnotherWorld() {
        try (StateManager hog = StateManager.connect(
                redis.options().nodeId("hog").namespace("{fleet-a}").build())) {
            hog.updateRobotState(Samples.robot("hog").build());
        }
        assertThat(run("get", "robot:state:hog").exit()).isEqualTo(4);
        assertThat(run("get", "robot:state:hog", "--namespace", "{fleet-a}").exit())
                .isZero();
        assertThat(run("list", "--namespace", "{fleet-a}").out()).contains("robot:state:hog ");
    }
}
