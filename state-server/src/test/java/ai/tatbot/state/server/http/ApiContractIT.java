package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.reference.DocumentedAnswers;
import ai.tatbot.state.server.testkit.EventClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What the server answers is what its own document says. */
class ApiContractIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static RedisServer redis;
    private static StateManager hog;
    private static StateServer server;
    private static StateServer guarded;
    private static String admin;
    private static String reader;
    private static String session;
    private static DocumentedAnswers documented;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0));
        Path tokens = folder.resolve("tokens");
        admin = new TokenStore(tokens).add("root", Set.of(Scope.ADMIN), null);
        reader = new TokenStore(tokens).add("ook", Set.of(Scope.READ), null);
        guarded = StateServer.start(
                redis.options().nodeId("guarded"),
                ServerOptions.builder()
                        .port(0)
                        .tokens(tokens)
                        .allowSetState(true)
                        .build());
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        StrokeSession running = hog.startStrokeSession(10, 108, "tatbotlogo");
        running.update(5, 25);
        session = running.id();
        hog.reportError("camera", "no frame", Map.of("camera", "wrist"));
        documented =
                DocumentedAnswers.of(send(server, get("/api/v1/openapi.json")).body());
        await().until(() -> send(server, get("/api/v1/status")).body().contains("\"current_session\":{"));
        await().until(() -> send(guarded, get("/readyz")).statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        guarded.close();
        server.close();
        hog.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    private static Request get(String path) {
        return new Request("GET", path, null, null);
    }

    private record Request(
            String method,
            String path,
            @Nullable String body,
            @Nullable String token) {
        Request as(String other) {
            return new Request(method, path, body, other);
        }
    }

    private static HttpResponse<String> send(StateServer to, Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(to.url() + request.path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        request.method,
                        request.body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(request.body));
        if (request.body != null) {
            builder.header("Content-Type", "application/json");
        }
        if (request.token != null) {
            builder.header("Authorization", "Bearer " + request.token);
        }
        try {
            return HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> check(StateServer to, Request request, String template, int status) {
        HttpResponse<String> answer = send(to, request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(documented.errors(
                        request.method + " " + template,
                        status,
                        answer.headers().firstValue("Content-Type").orElse(""),
                        answer.body()))
                .isEmpty();
        return answer;
    }

    private static void check(String path, String template, int status) {
        check(server, get(path), template, status);
    }

    @Test
    void everyRouteIsDocumentedAndNothingElseIs() {
        Set<String> served = server.routes().stream()
                // Javalin's way to say that a parameter holds slashes.
                .map(route -> route.replace('<', '{').replace('>', '}'))
                .collect(Collectors.toSet());
        assertThat(documented.operations()).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void documents() {
        check("/api/v1/status", "/api/v1/status", 200);
        String item = "/api/v1/state/{key}";
        for (String key : new String[] {
            "robot:state:hog",
            "node:health:hog",
            "stroke:progress",
            "robot:state",
            "stream:stroke_history",
            "events:log",
            "stroke:progress:" + session
        }) {
            check("/api/v1/state/" + key, item, 200);
        }
        check("/api/v1/state/robot:state:nobody", item, 404);
        check("/api/v1/state/nonsense", item, 400);
        for (String query : new String[] {"", "?kind=stroke_progress", "?limit=1"}) {
            check("/api/v1/state" + query, "/api/v1/state", 200);
        }
        for (String query : new String[] {"?kind=none", "?limit=0", "?limit=x", "?cursor=%25%25"}) {
            assertThat(send(server, get("/api/v1/state" + query)).statusCode())
                    .as(query)
                    .isIn(200, 400);
        }
        check("/api/v1/state?limit=0", "/api/v1/state", 400);
    }

    @Test
    void everyKindOfKeyThatIsThere() {
        try (Jedis jedis = redis.jedis()) {
            for (String key : jedis.keys("*")) {
                HttpResponse<String> answer = send(server, get("/api/v1/state/" + key));
                if (answer.statusCode() == 200) {
                    assertThat(documented.errors("GET /api/v1/state/{key}", 200, "application/json", answer.body()))
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void whatIsStoredAndDoesNotFit() {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset("robot:state:broken", "state", "{\"current_pose\": 7}");
        }
        check("/api/v1/state/robot:state:broken", "/api/v1/state/{key}", 422);
    }

    @Test
    void historyAndLog() {
        String history = "/api/v1/sessions/{session_id}/history";
        check("/api/v1/sessions/" + session + "/history", history, 200);
        check("/api/v1/sessions/" + session + "/history?limit=1", history, 200);
        check("/api/v1/sessions/" + session + "/history?limit=0", history, 400);
        check("/api/v1/sessions/a%20b/history", history, 400);
        check("/api/v1/log", "/api/v1/log", 200);
        check("/api/v1/log?limit=0", "/api/v1/log", 400);
    }

    @Test
    void publishing() {
        String path = "/api/v1/events";
        for (String body : new String[] {
            "{\"channel\":\"system:events\",\"type\":\"lamp_on\"}",
            "{\"channel\":\"system:events\",\"type\":\"lamp_on\",\"data\":{\"lux\":12}}",
            "{\"channel\":\"robot:events\",\"type\":\"state_update\",\"data\":{\"node_id\":\"hog\","
                    + "\"is_connected_l\":true,\"is_connected_r\":true,\"current_pose\":\"ready\"}}"
        }) {
            check(server, new Request("POST", path, body, null), path, 200);
        }
        check(server, new Request("POST", path, "{\"channel\":\"nope\",\"type\":\"x\"}", null), path, 400);
        check(server, new Request("POST", path, "[", null), path, 400);
        String wrong = "{\"channel\":\"robot:events\",\"type\":\"state_update\",\"data\":{\"current_pose\":7}}";
        check(server, new Request("POST", path, wrong, null), path, 422);
        check(guarded, new Request("POST", path, wrong, reader), path, 403);
        check(guarded, new Request("POST", path, wrong, null), path, 401);
        String huge = "{\"channel\":\"" + "x".repeat(1 << 20) + "\"}";
        check(server, new Request("POST", path, huge, null), path, 413);
    }

    @Test
    void overwriting() {
        String path = "/api/v1/state/robot:state:oop";
        String template = "/api/v1/state/{key}";
        String value = "{\"timestamp\":\"2026-11-22T10:00:00Z\",\"node_id\":\"oop\"}";
        Request first = new Request("PUT", path, "{\"value\":" + value + ",\"ttl_s\":60}", admin);
        check(guarded, first, template, 200);
        Request second = new Request("PUT", path, "{\"value\":" + value + ",\"expected_revision\":1}", admin);
        check(guarded, second, template, 409);
        check(guarded, new Request("PUT", path, "{\"value\":{}}", admin), template, 422);
        check(guarded, first.as(reader), template, 403);
        check(server, new Request("PUT", path, "{\"value\":" + value + "}", null), template, 403);
    }

    @Test
    void whoAsks() {
        check("/api/v1/whoami", "/api/v1/whoami", 200);
        check(guarded, get("/api/v1/whoami").as(reader), "/api/v1/whoami", 200);
        check(guarded, get("/api/v1/whoami").as("tat_wrong"), "/api/v1/whoami", 401);
        check(guarded, new Request("POST", "/login", "{\"token\":\"" + reader + "\"}", null), "/login", 204);
        check(guarded, new Request("POST", "/login", "{\"token\":\"tat_wrong\"}", null), "/login", 401);
        check(guarded, new Request("POST", "/logout", null, null), "/logout", 204);
    }

    @Test
    void schemaReferenceAndHealth() {
        check("/schema", "/schema", 200);
        check("/schema/models/robot-state.json", "/schema/{folder}/{file}", 200);
        check("/schema/state/v1/models/robot-state.json", "/schema/state/v1/{folder}/{file}", 200);
        check("/schema/models/nope.json", "/schema/{folder}/{file}", 404);
        check("/api/v1/openapi.json", "/api/v1/openapi.json", 200);
        check("/api/v1/asyncapi.json", "/api/v1/asyncapi.json", 200);
        check("/api/v1/keys.json", "/api/v1/keys.json", 200);
        for (String path :
                new String[] {"/api", "/api/reference.css", "/api/reference.js", "/healthz", "/readyz", "/favicon.ico"
                }) {
            check(path, path, 200);
        }
        check(guarded, get("/api"), "/api", 401);
    }

    @Test
    void theStream() {
        try (EventClient client = EventClient.connect(server.url(), "", null)) {
            await().until(() -> !client.told("ready").isEmpty());
            try (StrokeSession other = hog.startStrokeSession(1, 2, "<b>")) {
                other.update(0, 1);
                other.pause();
                other.resume();
            }
            hog.reportError("robot", "stuck", Map.of("joint", 3));
            try (Jedis jedis = redis.jedis()) {
                jedis.publish("robot:events", "no JSON");
            }
            await().until(() -> !client.told("problem").isEmpty());
            await().until(() -> client.told("transition").size() >= 4);
            assertThat(client.told()).extracting(EventClient.Told::event).contains("hello", "status", "change", "node");
            assertThat(client.told())
                    .allSatisfy(told -> assertThat(documented.streamErrors(told.event(), told.data()))
                            .isEmpty());
        }
    }
}
