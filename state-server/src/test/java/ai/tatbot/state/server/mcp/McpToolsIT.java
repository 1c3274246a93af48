package ai.tatbot.state.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.mcp.transport.RawClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before all tests
class McpToolsIT {
    private static final String READERS = "get_state,list_state,system_status,watch_state";

    private static RedisServer redis;
    private static StateManager hog;
    private static StrokeSession session;
    private static McpUnderTest mcp;
    private static RawClient admin;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        mcp = new McpUnderTest(redis, true).awaitLive();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        session = hog.startStrokeSession(100, 108, "tatbotlogo");
        session.update(5, 25);
        admin = mcp.client("read,publish,admin");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> mcp.fleet.status().nodesOnline() == 1
                        && !mcp.fleet.status().active().isEmpty());
    }

    @AfterAll
    static void stop() {
        session.close();
        hog.close();
        mcp.close();
        redis.close();
    }

    private static JsonNode structured(JsonNode result) {
        assertThat(result.get("isError").booleanValue()).as(result.toString()).isFalse();
        JsonNode content = result.get("content").get(0);
        assertThat(content.get("type").stringValue()).isEqualTo("text");
        assertThat(RawClient.json(content.get("text").stringValue())).isEqualTo(result.get("structuredContent"));
        return result.get("structuredContent");
    }

    private static String failure(JsonNode result) {
        assertThat(result.get("isError").booleanValue()).as(result.toString()).isTrue();
        assertThat(result.has("structuredContent")).isFalse();
        String text = result.get("content").get(0).get("text").stringValue();
        assertThat(text).matches("(?s)[A-Z_]+: .+").doesNotContainPattern("(?i)exception|jackson|java\\.|jedis");
        return text;
    }

    private static String tools(RawClient client) {
        return IntStream.range(
                        0,
                        client.call("tools/list", "{}")
                                .get("result")
                                .get("tools")
                                .size())
                .mapToObj(i -> client.call("tools/list", "{}")
                        .get("result")
                        .get("tools")
                        .get(i)
                        .get("name")
                        .stringValue())
                .sorted()
                .reduce((one, other) -> one + "," + other)
                .orElse("");
    }

    @Test
    void eachCallerSeesTheToolsThatItMayUse() {
        assertThat(tools(mcp.client("read"))).isEqualTo(READERS);
        assertThat(tools(mcp.client("read,publish")))
                .isEqualTo("get_state,list_state,publish_event,system_status,watch_state");
        assertThat(tools(admin)).isEqualTo("get_state,list_state,publish_event,set_state,system_status,watch_state");
    }

    @Test
    void setStateIsNotThereUnlessTheServerAllowsIt() {
        try (McpUnderTest careful = new McpUnderTest(redis, false)) {
            RawClient client = careful.client("admin");

            assertThat(tools(client)).isEqualTo("get_state,list_state,publish_event,system_status,watch_state");
            JsonNode answer = client.call("tools/call", "{\"name\":\"set_state\",\"arguments\":{}}");
            assertThat(answer.get("error").get("code").intValue()).isEqualTo(-32602);
        }
    }

    @Test
    void aReaderWritesNothing() {
        RawClient reader = mcp.client("read");
        try (Jedis jedis = redis.jedis()) {
            long entries = jedis.xlen("events:log");

            assertThat(failure(reader.tool(
                            "publish_event", "{\"channel\":\"system:events\",\"type\":\"tea\",\"data\":{}}")))
                    .startsWith("NOT_ALLOWED: ");
            assertThat(failure(reader.tool("set_state", "{\"key\":\"robot:state:hog\",\"value\":{}}")))
                    .startsWith("NOT_ALLOWED: ");
            assertThat(jedis.xlen("events:log")).isEqualTo(entries);
        }
    }

    @Test
    void aDocumentIsRead() {
        JsonNode robot = structured(admin.tool("get_state", "{\"key\":\"robot:state:hog\"}"));

        assertThat(robot.get("found").booleanValue()).isTrue();
        assertThat(robot.get("type").stringValue()).isEqualTo("robot_state");
        assertThat(robot.get("value").get("node_id").stringValue()).isEqualTo("hog");
        assertThat(robot.get("revision").longValue()).isPositive();
        assertThat(robot.get("stale").booleanValue()).isFalse();
    }

    @Test
    void strokeProgressIsTheSessionInHand() {
        JsonNode progress = structured(admin.tool("get_state", "{\"key\":\"stroke:progress\"}"));

        assertThat(progress.get("key").stringValue()).isEqualTo("stroke:progress:" + session.id());
        assertThat(progress.get("value").get("pose_idx").intValue()).isEqualTo(25);
    }

    @Test
    void aMissingKeyIsNoError() {
        JsonNode nothing = structured(admin.tool("get_state", "{\"key\":\"robot:state:nobody\"}"));

        assertThat(nothing.get("found").booleanValue()).isFalse();
        assertThat(nothing.get("value").isNull()).isTrue();
    }

    @Test
    void documentsAreListedAPageAtATime() {
        JsonNode first = structured(admin.tool("list_state", "{\"limit\":1}"));
        JsonNode second = structured(admin.tool(
                "list_state",
                "{\"limit\":1,\"cursor\":\"" + first.get("next_cursor").stringValue() + "\"}"));

        assertThat(first.get("items").size()).isEqualTo(1);
        assertThat(second.get("items").get(0).get("key"))
                .isNotEqualTo(first.get("items").get(0).get("key"));
    }

    @Test
    void theStatusIsShortOrDetailed() {
        JsonNode brief = structured(admin.tool("system_status", "{}"));
        JsonNode detailed = structured(admin.tool("system_status", "{\"detailed\":true}"));

        assertThat(brief.get("nodes").get(0).has("health")).isFalse();
        assertThat(detailed.get("nodes").get(0).has("health")).isTrue();
        assertThat(brief.get("current_session").get("key").stringValue()).endsWith(session.id());
    }

    @Test
    void anEventIsPublished() {
        JsonNode published = structured(
                admin.tool("publish_event", "{\"channel\":\"system:events\",\"type\":\"tea\",\"data\":{\"sugar\":2}}"));

        assertThat(published.get("channel").stringValue()).isEqualTo("system:events");
        assertThat(published.get("event_id").stringValue()).matches("\\d+-\\d+");
        assertThat(published.get("receivers").intValue()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    UNKNOWN_CHANNEL | {"channel":"nowhere","type":"x","data":{}}
                    UNKNOWN_CHANNEL | {"channel":"stroke:events:*","type":"x","data":{}}
                    INVALID_EVENT | {"channel":"stroke:events:session","type":"session_start","data":{}}
                    INVALID_EVENT | {"channel":"robot:events","type":"unheard_of","data":{}}
                    """)
    void whatDoesNotFitIsNotPublished(String code, String arguments) {
        try (Jedis jedis = redis.jedis()) {
            long entries = jedis.xlen("events:log");

            assertThat(failure(admin.tool("publish_event", arguments))).startsWith(code + ": ");
            assertThat(jedis.xlen("events:log")).isEqualTo(entries);
        }
    }

    @Test
    void stateIsOverwrittenIfTheRevisionIsTheExpectedOne() {
        String value = "{\"timestamp\":\"2026-11-25T00:00:00Z\",\"node_id\":\"ook\",\"current_pose\":\"sleep\"}";
        JsonNode written = structured(
                admin.tool("set_state", "{\"key\":\"robot:state:ook\",\"ttl_s\":60,\"value\":" + value + "}"));

        assertThat(written.get("revision").longValue()).isPositive();
        assertThat(failure(admin.tool(
                        "set_state", "{\"key\":\"robot:state:ook\",\"expected_revision\":1,\"value\":" + value + "}")))
                .startsWith("CONFLICT: ");
        assertThat(failure(admin.tool("set_state", "{\"key\":\"robot:state:ook\",\"value\":{\"node_id\":5}}")))
                .startsWith("INVALID_VALUE: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    get_state | {} | INVALID_ARGUMENT: key is missing; it must be a text of 1 to 256 characters
                    get_state | {"key":""} | INVALID_ARGUMENT: key is not allowed; it must be a text of 1 to 256 characters
                    get_state | {"key":5} | INVALID_ARGUMENT: key is not allowed; it must be a text of 1 to 256 characters
                    get_state | {"key":null} | INVALID_ARGUMENT: key is not allowed; it must be a text of 1 to 256 characters
                    list_state | {"limit":201} | INVALID_ARGUMENT: limit is not allowed; it must be an integer from 1 to 200
                    list_state | {"limit":1.5} | INVALID_ARGUMENT: limit is not allowed; it must be an integer from 1 to 200
                    list_state | {"kind":"robot"} | INVALID_ARGUMENT: kind is not allowed; it must be one of node_health, robot_state, stroke_progress
                    system_status | {"detailed":"yes"} | INVALID_ARGUMENT: detailed is not allowed; it must be true or false
                    watch_state | {"key":"stroke:progress","timeout_ms":30001} | INVALID_ARGUMENT: timeout_ms is not allowed; it must be an integer from 0 to 30000
                    publish_event | {"channel":"system:events","type":"x","data":[]} | INVALID_ARGUMENT: data is not allowed; it must be an object
                    """)
    void argumentsAreCheckedAgainstTheSchemaThatClientsSee(String tool, String arguments, String text) {
        assertThat(failure(admin.tool(tool, arguments))).isEqualTo(text);
    }

    @Test
    void anArgumentThatIsNoneIsNamed() {
        assertThat(failure(admin.tool("get_state", "{\"key\":\"robot:state:hog\",\"colour\":1}")))
                .contains("colour")
                .endsWith("allowed are key");
    }

    @Test
    void aKeyThatIsNoneIsRefusedWithThoseThereAre() {
        assertThat(failure(admin.tool("get_state", "{\"key\":\"../etc/passwd\"}")))
                .startsWith("INVALID_KEY: ")
                .contains("robot:state:{node_id}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":5}",
                "{\"name\":null,\"arguments\":{}}",
                "{\"name\":\"get_state\",\"arguments\":[]}",
                "{\"name\":\"get_state\",\"arguments\":\"key\"}",
                "{\"name\":\"get_state\",\"arguments\":null}",
                "{\"name\":\"get_state\",\"arguments\":{},\"_meta\":{\"progressToken\":{}}}",
                "{\"name\":\"no_such_tool\",\"arguments\":{}}"
            })
    void aCallThatIsNoneIsAProtocolError(String params) {
        JsonNode answer = admin.call("tools/call", params);

        assertThat(answer.get("error").get("code").intValue()).isEqualTo(-32602);
    }

    @Test
    void watchingTellsOfTheNextChange() {
        long since = structured(admin.tool("get_state", "{\"key\":\"stroke:progress\"}"))
                .get("revision")
                .longValue();
        CompletableFuture<JsonNode> watching =
                CompletableFuture.supplyAsync(() -> admin.sharing("anna:read,publish,admin")
                        .tool(
                                "watch_state",
                                "{\"key\":\"stroke:progress\",\"timeout_ms\":20000,\"since_revision\":" + since + "}"));

        session.update(6, 1);
        JsonNode seen = structured(watching.join());

        assertThat(seen.get("changed").booleanValue()).isTrue();
        assertThat(seen.get("revision").longValue()).isGreaterThan(since);
        session.update(5, 25);
    }

    @Test
    void watchingTellsOfNothingWhenTheTimeIsOver() {
        JsonNode seen = structured(admin.tool("watch_state", "{\"key\":\"node:health:hog\",\"timeout_ms\":0}"));

        assertThat(seen.get("changed").booleanValue()).isFalse();
    }

    @Test
    void aLongCallReportsItsProgress() {
        HttpResponse<String> response = admin.post("""
                {"jsonrpc":"2.0","id":"long","method":"tools/call","params":{"name":"watch_state",\
                "arguments":{"key":"robot:state:nobody","timeout_ms":1500},"_meta":{"progressToken":"p1"}}}""");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.body()).contains("notifications/progress").contains("\"progressToken\":\"p1\"");
        assertThat(RawClient.json(response).get("result").get("isError").booleanValue())
                .isFalse();
    }

    @Test
    void aLongCallCanBeCancelled() {
        RawClient other = admin.sharing("anna:read,publish,admin");
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> other.post("""
                {"jsonrpc":"2.0","id":"endless","method":"tools/call","params":{"name":"watch_state",\
                "arguments":{"key":"robot:state:nobody","timeout_ms":30000}}}"""));

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            admin.post("""
                    {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"endless","reason":"enough"}}""");
            return waiting.isDone();
        });

        assertThat(waiting.join().body()).doesNotContain("result");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> mcp.calls.contains("watch_state cancelled"));
    }

    @Test
    void everyCallIsCounted() {
        mcp.calls.clear();
        RawClient client = mcp.client("read");

        client.tool("get_state", "{\"key\":\"robot:state:hog\"}");
        client.tool("get_state", "{\"key\":\"nonsense\"}");
        client.call("tools/call", "{\"name\":\"made_up_by_a_client\"}");

        assertThat(mcp.calls).contains("get_state ok", "get_state invalid_key", "unknown not_found");
    }

    @Test
    void schemasAreClosedAndStandAlone() {
        JsonNode tools = admin.call("tools/list", "{}").get("result").get("tools");

        for (JsonNode tool : tools) {
            for (String which : List.of("inputSchema", "outputSchema")) {
                JsonNode schema = tool.get(which);
                assertThat(schema.get("type").stringValue()).isEqualTo("object");
                assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
                assertThat(schema.toString())
                        .doesNotContain("x-")
                        .doesNotContain("../")
                        .doesNotContain("utc-time");
            }
            assertThat(tool.get("annotations").has("readOnlyHint")).isTrue();
        }
    }
}
