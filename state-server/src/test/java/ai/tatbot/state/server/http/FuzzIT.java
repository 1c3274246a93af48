package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.testkit.HttpFuzzer;
import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong requests to the whole server, its API, its page, MCP: 20,000, and 100,000 with ops/test --full. -Dfuzz.seed=N makes other ones. */
class FuzzIT {
    /** Some will be ended by a request that has become a DELETE. */
    private static final int MCP_SESSIONS = 30;

    private static final String EVENT =
            "{\"channel\":\"system:events\",\"type\":\"lamp\",\"data\":{\"on\":true,\"level\":0.5}}";

    @TempDir
    Path folder;

    @Test
    void whateverComesIsAnsweredProperlyAndTheServerStaysWell() {
        fuzz(20_000);
    }

    @Test
    @Tag("long")
    void howeverMuchComes() {
        fuzz(100_000);
    }

    private void fuzz(int count) {
        long seed = Long.getLong("fuzz.seed", 20_261_125L);
        Path tokens = folder.resolve("tokens");
        String token = new TokenStore(tokens).add("fuzzer", Set.of(Scope.ADMIN), null);
        ServerOptions options = ServerOptions.builder()
                .port(0)
                .rate(1_000_000)
                .tokens(tokens)
                .allowSetState(true)
                .build();
        try (RedisServer redis = RedisServer.start();
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build());
                StateServer server =
                        StateServer.start(redis.options().nodeId("server").problemListener(problem -> {}), options)) {
            hog.updateRobotState(Samples.robot("hog").build());
            int port = URI.create(server.url()).getPort();
            awaitReady(port);
            System.out.println("fuzz.seed=" + seed);
            HttpFuzzer.Outcome outcome = new HttpFuzzer(port, seed, requests(port, token)).run(count);
            System.out.println(outcome.statuses() + ", unanswered " + outcome.unanswered());
            assertThat(outcome.faults())
                    .as("seed %d, %s", seed, outcome.statuses())
                    .isEmpty();
            assertThat(outcome.unanswered()).isLessThan(count / 10);
            // It got through to the routes, and was refused in many ways.
            assertThat(outcome.statuses()).containsKeys(200, 202, 400, 401, 403, 404, 405, 415, 422, 431);
            awaitReady(port);
            RawHttp.Answer status =
                    new RequestText(port, "GET /api/v1/status").bearer(token).send();
            assertThat(status.body()).startsWith("{\"status\":\"ok\"");
            assertThat(new RequestText(port, "POST /api/v1/events")
                            .bearer(token)
                            .json(EVENT)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void awaitReady(int port) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> new RequestText(port, "GET /readyz").send().status() == 200);
    }

    private static List<String> requests(int port, String token) {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < MCP_SESSIONS; i++) {
            String session = mcp(
                            port,
                            token,
                            "",
                            "\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                                    + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"fuzz\",\"version\":\"1\"}}")
                    .send()
                    .header("Mcp-Session-Id")
                    .orElseThrow();
            requests.add(mcp(port, token, session, "\"id\":2,\"method\":\"tools/list\"")
                    .text());
            requests.add(mcp(port, token, session, "\"method\":\"notifications/initialized\"")
                    .text());
            requests.add(mcp(
                            port,
                            token,
                            session,
                            "\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"get_state\",\"arguments\":"
                                    + "{\"key\":\"robot:state:hog\"}}")
                    .text());
            requests.add(mcp(
                            port,
                            token,
                            session,
                            "\"id\":4,\"method\":\"resources/read\",\"params\":{\"uri\":\"state://robot/hog\"}")
                    .text());
            requests.add(new RequestText(port, "GET /api/v1/state/robot:state:hog")
                    .bearer(token)
                    .text());
            requests.add(new RequestText(port, "GET /api/v1/state?kind=robot_state&limit=10")
                    .bearer(token)
                    .text());
            requests.add(new RequestText(port, "PUT /api/v1/state/robot:state:rig")
                    .bearer(token)
                    .json("{\"value\":{\"timestamp\":\"2026-01-02T03:04:05Z\",\"node_id\":\"rig\"},\"ttl_s\":60}")
                    .text());
        }
        requests.add(new RequestText(port, "GET /").text());
        requests.add(new RequestText(port, "GET /schema/models/robot-state.json")
                .bearer(token)
                .text());
        requests.add(new RequestText(port, "GET /metrics").bearer(token).text());
        requests.add(new RequestText(port, "POST /api/v1/events")
                .bearer(token)
                .json(EVENT)
                .text());
        requests.add(new RequestText(port, "POST /login")
                .json("{\"token\":\"" + token + "\"}")
                .text());
        return requests;
    }

    private static RequestText mcp(int port, String token, String session, String message) {
        RequestText request = new RequestText(port, "POST /mcp")
                .bearer(token)
                .header("Accept", "application/json, text/event-stream");
        if (!session.isEmpty()) {
            request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
        }
        return request.json("{\"jsonrpc\":\"2.0\"," + message + "}");
    }
}
