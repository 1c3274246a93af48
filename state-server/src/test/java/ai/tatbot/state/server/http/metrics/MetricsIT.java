package ai.tatbot.state.server.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.testkit.EventClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class MetricsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String LIVE = "tatbot_watch_condition{condition=\"live\"}";

    @TempDir
    private Path folder;

    private RedisServer redis;
    private StateManager hog;
    private StateServer server;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0));
        await().until(() -> metrics().value(LIVE) == 1);
    }

    @AfterEach
    void stop() {
        server.close();
        hog.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private int publish(String channel) {
        return send(request("/api/v1/events")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"channel\":\"" + channel + "\",\"type\":\"lamp\"}")))
                .statusCode();
    }

    private Exposition metrics() {
        return Exposition.read(send(request("/metrics")).body());
    }

    @Test
    void theFleet() {
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        try (StrokeSession session = hog.startStrokeSession(2, 3, "scene");
                Jedis jedis = redis.jedis()) {
            session.update(0, 1);
            jedis.publish("robot:events", "no JSON");
            await().untilAsserted(() -> {
                Exposition now = metrics();
                assertThat(now.value("tatbot_event_latency_seconds_count{class=\"position\"}"))
                        .isGreaterThanOrEqualTo(1);
                assertThat(now.value("tatbot_event_latency_seconds_count{class=\"transition\"}"))
                        .isGreaterThanOrEqualTo(1);
                // After a message that nobody can read all is read again, so some may be known from there first.
                assertThat(now.value("tatbot_watch_changes_total{cause=\"updated\"}")
                                + now.value("tatbot_watch_changes_total{cause=\"reread\"}"))
                        .isGreaterThanOrEqualTo(3);
                assertThat(now.value("tatbot_nodes{condition=\"online\"}")).isGreaterThanOrEqualTo(1);
                assertThat(now.value("tatbot_sessions_active")).isEqualTo(1);
                assertThat(now.value("tatbot_problems_total{kind=\"invalid_event\"}"))
                        .isGreaterThanOrEqualTo(1);
                assertThat(now.value("tatbot_redis_memory_used_bytes")).isGreaterThan(100_000);
                assertThat(now.value("tatbot_watch_staleness_seconds")).isBetween(0.0, 1.0);
                assertThat(now.value("jvm_threads_live_threads")).isGreaterThan(5);
                assertThat(now.value("process_cpu_seconds_total")).isPositive();
                assertThat(now.has("tatbot_watch_conflated_total")).isTrue();
                assertThat(now.has("tatbot_watch_lost_total")).isTrue();
            });
        }
        Exposition now = metrics();
        assertThat(now.value("tatbot_event_latency_seconds_bucket{class=\"position\",le=\"+Inf\"}"))
                .isEqualTo(now.value("tatbot_event_latency_seconds_count{class=\"position\"}"));
        assertThat(now.value("tatbot_event_latency_seconds_sum{class=\"position\"}"))
                .isBetween(0.000_001, 60.0);
    }

    @Test
    void transitionsByTypeAndSessionsByTheirEnd() {
        Exposition before = metrics();
        for (String type : List.of("error", "session_start", "session_end", "offline", "custom")) {
            assertThat(before.has("tatbot_transitions_total{type=\"" + type + "\"}"))
                    .as(type)
                    .isTrue();
        }
        hog.reportError("robot", "hot", Map.of());
        hog.startStrokeSession(2, 3, "scene").end();
        hog.startStrokeSession(2, 3, "scene").close();
        // Of an older node, which does not say why; and of an application that calls its event like one of ours.
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(
                    "stroke:events:session",
                    "{\"type\":\"session_end\",\"timestamp\":\"2025-08-18T20:09:37.123456\",\"node_id\":\"oop\",\"session_id\":\"s\"}");
        }
        assertThat(publish("system:events")).isEqualTo(200);
        await().untilAsserted(() -> {
            Exposition now = metrics();
            assertThat(now.value("tatbot_transitions_total{type=\"error\"}")).isEqualTo(1);
            assertThat(now.value("tatbot_transitions_total{type=\"session_start\"}"))
                    .isEqualTo(2);
            assertThat(now.value("tatbot_transitions_total{type=\"session_end\"}"))
                    .isEqualTo(3);
            assertThat(now.value("tatbot_transitions_total{type=\"custom\"}")).isEqualTo(1);
            for (String reason : List.of("completed", "interrupted", "unknown")) {
                assertThat(now.value("tatbot_sessions_ended_total{reason=\"" + reason + "\"}"))
                        .as(reason)
                        .isEqualTo(1);
            }
            assertThat(now.value("tatbot_sessions_ended_total{reason=\"abandoned\"}"))
                    .isZero();
        });
        assertThat(metrics().samples().keySet()).noneMatch(series -> series.contains("lamp"));
        assertThat(metrics().samples().keySet()).noneMatch(series -> series.contains("tls_certificate"));
    }

    @Test
    void anOutage() {
        assertThat(metrics().value("tatbot_watch_reconnects_total")).isZero();
        redis.kill();
        await().until(() -> metrics().value(LIVE) == 0);
        await().until(() -> metrics().value("tatbot_watch_condition{condition=\"reconnecting\"}") == 1);
        await().until(() -> metrics().value("tatbot_watch_staleness_seconds") > 0.5);
        assertThat(publish("system:events")).isEqualTo(503);
        redis.restart();
        await().until(() -> metrics().value(LIVE) == 1);
        Exposition now = metrics();
        assertThat(now.value("tatbot_watch_reconnects_total")).isEqualTo(1);
        assertThat(now.value(
                        "tatbot_write_duration_seconds_count{operation=\"publish_event\",outcome=\"unavailable\"}"))
                .isEqualTo(1);
        assertThat(now.value("tatbot_http_problems_total{code=\"unavailable\"}"))
                .isEqualTo(1);
        assertThat(now.value("tatbot_publish_latency_seconds_count")).isZero();
    }

    @Test
    void requestsByRouteAndNotByWhatWasSent() {
        assertThat(publish("system:events")).isEqualTo(200);
        assertThat(publish("nope")).isEqualTo(400);
        for (String path : new String[] {
            "/api/v1/state/robot:state:nobody",
            "/api/v1/state/robot:state:no-one",
            "/nope/a",
            "/nope/b",
            "/api/v1/whoami"
        }) {
            send(request(path));
        }
        send(request("/metrics?token=1"));
        await().untilAsserted(() -> {
            Exposition now = metrics();
            assertThat(now.value("tatbot_publish_latency_seconds_count")).isEqualTo(1);
            assertThat(requests(now, "POST", "/api/v1/events", "2xx")).isEqualTo(1);
            assertThat(requests(now, "POST", "/api/v1/events", "4xx")).isEqualTo(1);
            assertThat(requests(now, "GET", "/api/v1/state/{key}", "4xx")).isEqualTo(2);
            assertThat(requests(now, "GET", "/api/v1/whoami", "2xx")).isEqualTo(1);
            assertThat(requests(now, "GET", "none", "4xx")).isEqualTo(3);
            assertThat(now.value("tatbot_http_problems_total{code=\"not_found\"}"))
                    .isEqualTo(4);
            assertThat(now.value("tatbot_http_problems_total{code=\"token_in_query\"}"))
                    .isEqualTo(1);
            assertThat(now.value("tatbot_http_request_duration_seconds_count{route=\"/api/v1/state/{key}\"}"))
                    .isEqualTo(2);
        });
        assertThat(metrics().samples().keySet()).noneMatch(series -> series.matches(".*(nope|nobody|no-one).*"));
    }

    private static double requests(Exposition now, String method, String route, String status) {
        return now.value("tatbot_http_requests_total{method=\"" + method + "\",route=\"" + route + "\",status=\""
                + status + "\"}");
    }

    private HttpResponse<String> mcp(String session, String message) {
        HttpRequest.Builder request = request("/mcp")
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString("{\"jsonrpc\":\"2.0\"," + message + "}"));
        return send(session.isEmpty() ? request : request.header("Mcp-Session-Id", session));
    }

    @Test
    void toolsByNameAndOutcome() {
        String session = mcp(
                        "",
                        "\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}")
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        mcp(session, "\"method\":\"notifications/initialized\"");
        for (String call : new String[] {
            "\"name\":\"system_status\",\"arguments\":{}",
            "\"name\":\"get_state\",\"arguments\":{\"key\":\"nonsense\"}",
            "\"name\":\"evil_tool\",\"arguments\":{}"
        }) {
            mcp(session, "\"id\":2,\"method\":\"tools/call\",\"params\":{" + call + "}");
        }
        await().untilAsserted(() -> {
            Exposition now = metrics();
            String calls = "tatbot_mcp_call_duration_seconds_count";
            assertThat(now.value(calls + "{outcome=\"ok\",tool=\"system_status\"}"))
                    .isEqualTo(1);
            assertThat(now.value(calls + "{outcome=\"invalid_key\",tool=\"get_state\"}"))
                    .isEqualTo(1);
            assertThat(now.value("tatbot_mcp_sessions")).isEqualTo(1);
            assertThat(requests(now, "POST", "/mcp", "2xx")).isGreaterThanOrEqualTo(4);
            assertThat(now.samples().keySet()).noneMatch(series -> series.contains("evil"));
        });
    }

    @Test
    void streams() {
        try (EventClient client = EventClient.connect(server.url(), "", null)) {
            await().until(() -> !client.told("ready").isEmpty());
            assertThat(metrics().value("tatbot_streams_open")).isEqualTo(1);
            hog.updateRobotState(Samples.robot("hog").build());
            await().until(() -> !client.told("change").isEmpty());
            await().untilAsserted(() -> {
                Exposition now = metrics();
                assertThat(now.value("tatbot_stream_age_seconds_count")).isGreaterThanOrEqualTo(1);
                assertThat(now.value("tatbot_stream_written_bytes_total")).isGreaterThan(500);
            });
        }
        await().until(() -> metrics().value("tatbot_streams_open") == 0);
        await().until(() -> metrics().samples().keySet().stream()
                .anyMatch(series ->
                        series.startsWith("tatbot_http_requests_total{method=\"GET\",route=\"/api/v1/events\"")));
        assertThat(metrics().has("tatbot_http_request_duration_seconds_count{route=\"/api/v1/events\"}"))
                .isFalse();
    }

    @Test
    void whoMayNotAndWhoMayRead() {
        Path tokens = folder.resolve("tokens");
        String reader = new TokenStore(tokens).add("prometheus", Set.of(Scope.READ), null);
        String publisher = new TokenStore(tokens).add("cron", Set.of(Scope.PUBLISH), null);
        try (StateServer guarded = StateServer.start(
                redis.options().nodeId("guarded"),
                ServerOptions.builder().port(0).tokens(tokens).rate(20).build())) {
            URI address = URI.create(guarded.url() + "/metrics");
            assertThat(send(HttpRequest.newBuilder(address)).statusCode()).isEqualTo(401);
            assertThat(send(HttpRequest.newBuilder(address).header("Authorization", "Bearer " + publisher))
                            .statusCode())
                    .isEqualTo(403);
            int limited = 0;
            for (int i = 0; i < 100; i++) {
                limited += send(HttpRequest.newBuilder(address).header("Authorization", "Bearer " + publisher))
                                        .statusCode()
                                == 429
                        ? 1
                        : 0;
            }
            assertThat(limited).isPositive();
            HttpResponse<String> shown = send(HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + reader)
                    .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(shown.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type.replace(" ", ""))
                            .isEqualToIgnoringCase("application/openmetrics-text;version=1.0.0;charset=utf-8"));
            assertThat(shown.body()).endsWith("# EOF\n");
            Map<String, Double> found = Exposition.read(
                            send(HttpRequest.newBuilder(address).header("Authorization", "Bearer " + reader))
                                    .body())
                    .samples();
            assertThat(found).containsEntry("tatbot_http_problems_total{code=\"unauthorized\"}", 1.0);
            assertThat(found).containsEntry("tatbot_http_problems_total{code=\"too_many_requests\"}", (double) limited);
            assertThat(found.keySet()).noneMatch(series -> series.contains("prometheus") || series.contains("cron"));
        }
    }
}
