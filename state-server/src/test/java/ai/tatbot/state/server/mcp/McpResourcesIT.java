package ai.tatbot.state.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.mcp.transport.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before each test
class McpResourcesIT {
    private RedisServer redis;
    private StateManager hog;
    private McpUnderTest mcp;
    private RawClient client;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        mcp = new McpUnderTest(redis, false).awaitLive();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        client = mcp.client("read");
        await().until(() -> mcp.fleet.status().nodesOnline() == 1
                && mcp.fleet.mirror().robotState("hog").isPresent());
    }

    @AfterEach
    void stop() {
        hog.close();
        mcp.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20));
    }

    private JsonNode read(String uri) {
        JsonNode contents = client.call("resources/read", "{\"uri\":\"" + uri + "\"}")
                .get("result")
                .get("contents");
        assertThat(contents.get(0).get("uri").stringValue()).isEqualTo(uri);
        return RawClient.json(contents.get(0).get("text").stringValue());
    }

    /** Lines of a stream, as they come. */
    private List<String> listen(String... headers) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Stream<String> stream = client.listen(headers).body();
        Thread reader = new Thread(() -> {
            try {
                stream.forEach(lines::add);
            } catch (RuntimeException e) {
                lines.add("ended");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private static long updates(List<String> lines, String uri) {
        return lines.stream()
                .filter(line -> line.startsWith("data: ")
                        && line.contains("notifications/resources/updated")
                        && line.contains("\"" + uri + "\""))
                .count();
    }

    private void subscribe(String uri) {
        assertThat(client.call("resources/subscribe", "{\"uri\":\"" + uri + "\"}")
                        .has("result"))
                .isTrue();
    }

    @Test
    void whatIsListedCanBeRead() {
        JsonNode listed = client.call("resources/list", "{}").get("result").get("resources");

        assertThat(listed.size()).isGreaterThan(30);
        for (JsonNode resource : listed) {
            assertThat(read(resource.get("uri").stringValue()).isObject()).isTrue();
        }
    }

    @Test
    void theTemplatesAreOfNodes() {
        JsonNode templates =
                client.call("resources/templates/list", "{}").get("result").get("resourceTemplates");

        assertThat(templates.get(0).get("uriTemplate").stringValue()).isEqualTo("state://health/{node_id}");
        assertThat(templates.get(1).get("uriTemplate").stringValue()).isEqualTo("state://robot/{node_id}");
        assertThat(read("state://robot/hog").get("value").get("node_id").stringValue())
                .isEqualTo("hog");
        assertThat(read("state://health/hog").get("type").stringValue()).isEqualTo("node_health");
    }

    @Test
    void nodeIdsAreCompleted() {
        JsonNode completion =
                client.call("completion/complete", """
                        {"ref":{"type":"ref/resource","uri":"state://robot/{node_id}"},\
                        "argument":{"name":"node_id","value":"h"}}""").get("result").get("completion");

        assertThat(completion.get("values").toString()).isEqualTo("[\"hog\"]");
        assertThat(completion.get("hasMore").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state://nothing",
                "state://robot/nobody",
                "state://robot/",
                "state://robot/hog/more",
                "state://robot/%2e%2e",
                "state://robot/{node_id}",
                "schema://models/../models/robot-state.json",
                "schema://nothing.json",
                "file:///etc/passwd",
                "STATE://status",
                ""
            })
    void whatThereIsNotCanNeitherBeReadNorSubscribedTo(String uri) {
        for (String method : List.of("resources/read", "resources/subscribe", "resources/unsubscribe")) {
            JsonNode error = client.call(method, "{\"uri\":\"" + uri + "\"}").get("error");

            assertThat(error.get("code").intValue()).isEqualTo(-32002);
            assertThat(error.get("data").get("uri").stringValue()).isEqualTo(uri);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resources/read",
                "resources/subscribe",
                "resources/unsubscribe",
                "completion/complete",
                "prompts/get",
                "logging/setLevel"
            })
    void missingParametersAreInvalid(String method) {
        assertThat(client.call(method, "{}").get("error").get("code").intValue())
                .isEqualTo(-32602);
        assertThat(client.call(method, "{\"uri\":5,\"ref\":5,\"argument\":[],\"name\":{},\"level\":\"loud\"}")
                        .get("error")
                        .get("code")
                        .intValue())
                .isEqualTo(-32602);
    }

    @Test
    void headersOfAStreamComeAtOnce() {
        List<String> lines = listen();

        await().until(() -> !lines.isEmpty());
        assertThat(lines.get(0)).startsWith("id: 0-");
    }

    @Test
    void aThousandChangesAreToldInAFewWordsAndTheLastOneIs() {
        subscribe("state://robot/hog");
        List<String> lines = listen();
        await().until(() -> !lines.isEmpty());
        for (int i = 0; i < 1_000; i++) {
            hog.updateRobotState(Samples.robot("hog").build());
        }
        long last = hog.robotState("hog").orElseThrow().revision().orElseThrow();

        // A client that reads whenever it is told so, and never else, ends with the last value.
        long[] seen = {0, 0};
        await().until(() -> {
            long told = updates(lines, "state://robot/hog");
            if (told > seen[0]) {
                seen[0] = told;
                seen[1] = read("state://robot/hog").get("revision").longValue();
            }
            return seen[1] == last;
        });
        assertThat(seen[0]).isLessThan(200);
    }

    @Test
    void aChangeSoonAfterAnotherIsToldToo() {
        subscribe("state://robot/hog");
        List<String> lines = listen();
        await().until(() -> !lines.isEmpty());

        hog.updateRobotState(Samples.robot("hog").build());
        await().pollInterval(Duration.ofMillis(1)).until(() -> updates(lines, "state://robot/hog") == 1);
        hog.updateRobotState(Samples.robot("hog").build());

        // By itself, and not only with the next news of something else.
        await().atMost(Duration.ofSeconds(3)).until(() -> updates(lines, "state://robot/hog") == 2);
    }

    @Test
    void oneWhoSubscribesBeforeItListensMissesNothing() {
        subscribe("state://robot/hog");
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateRobotState(Samples.robot("hog").build());

        List<String> lines = listen();

        await().until(() -> updates(lines, "state://robot/hog") > 0);
    }

    @Test
    void theStatusIsUpdatedWhenRedisGoesAndWhenItComesBack() {
        subscribe("state://status");
        client.call("logging/setLevel", "{\"level\":\"info\"}");
        List<String> lines = listen();

        redis.kill();
        await().until(() -> updates(lines, "state://status") > 0);
        await().until(() -> lines.stream().anyMatch(line -> line.contains("notifications/message")));
        assertThat(read("state://status").get("status").stringValue()).isEqualTo("down");

        redis.restart();
        await().until(() -> read("state://status")
                .get("redis")
                .get("condition")
                .stringValue()
                .equals("live"));
    }

    @Test
    void nothingIsToldAfterUnsubscribing() {
        subscribe("state://robot/hog");
        subscribe("state://stroke/progress");
        assertThat(client.call("resources/unsubscribe", "{\"uri\":\"state://robot/hog\"}")
                        .has("result"))
                .isTrue();
        List<String> lines = listen();

        hog.updateRobotState(Samples.robot("hog").build());
        try (var session = hog.startStrokeSession(1, 2, "tatbotlogo")) {
            session.update(0, 1);
            await().until(() -> updates(lines, "state://stroke/progress") > 0);
        }

        assertThat(updates(lines, "state://robot/hog")).isZero();
    }

    @Test
    void aClientThatComesBackIsToldWhatItMayHaveMissed() {
        subscribe("state://robot/hog");
        List<String> lines = listen();
        hog.updateRobotState(Samples.robot("hog").build());
        await().until(() -> updates(lines, "state://robot/hog") > 0);
        String last = lines.stream()
                .filter(line -> line.startsWith("id: "))
                .reduce((a, b) -> b)
                .orElseThrow();

        List<String> resumed = listen("Last-Event-ID", "0-0");
        await().until(() -> updates(resumed, "state://robot/hog") > 0);

        List<String> current = listen("Last-Event-ID", last.substring("id: ".length()));
        hog.updateRobotState(Samples.robot("hog").build());
        await().until(() -> updates(current, "state://robot/hog") == 1);
    }

    @Test
    void whileRedisIsAwayTheStatusIsTrueAndDocumentsAreStale() {
        redis.kill();
        await().until(() -> !mcp.fleet.link().isLive());

        JsonNode status = client.tool("system_status", "{}").get("structuredContent");
        JsonNode robot =
                client.tool("get_state", "{\"key\":\"robot:state:hog\"}").get("structuredContent");
        JsonNode history = client.tool("get_state", "{\"key\":\"events:log\"}");

        assertThat(status.get("status").stringValue()).isEqualTo("down");
        assertThat(status.get("alerts").toString()).contains("redis_unavailable");
        assertThat(robot.get("stale").booleanValue()).isTrue();
        assertThat(robot.get("found").booleanValue()).isTrue();
        assertThat(history.get("isError").booleanValue()).isTrue();
        assertThat(history.get("content").get(0).get("text").stringValue()).startsWith("UNAVAILABLE: ");
        assertThat(read("state://robot/hog").get("stale").booleanValue()).isTrue();
    }

    @Test
    void thereIsAPromptForTheQuestionThatEveryoneAsks() {
        assertThat(client.call("prompts/list", "{}")
                        .get("result")
                        .get("prompts")
                        .get(0)
                        .get("name")
                        .stringValue())
                .isEqualTo("check_robot");
        assertThat(client.call("prompts/get", "{\"name\":\"check_robot\"}")
                        .get("result")
                        .toString())
                .contains("system_status");
        assertThat(client.call("prompts/get", "{\"name\":\"none\"}")
                        .get("error")
                        .get("code")
                        .intValue())
                .isEqualTo(-32602);
    }

    @Test
    void aSessionThatEndsLeavesNoSubscription() {
        subscribe("state://robot/hog");
        assertThat(mcp.endpoint.sessionCount()).isEqualTo(1);

        client.send(client.request().DELETE().build());

        assertThat(mcp.endpoint.sessionCount()).isZero();
        assertThat(mcp.endpoint.subscriptionCount()).isZero();
    }
}
