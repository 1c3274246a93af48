package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.testkit.Cli;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("alone")
class ServeCommandIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RedisServer redis;
    private static Program server;
    private static String url;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        server = Program.start(
                Map.of("REDIS_PASSWORD", RedisServer.PASSWORD),
                "serve",
                "--port",
                "0",
                "--redis",
                "redis://127.0.0.1:" + redis.port());
        url = url(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static String url(Program server) {
        await().until(() -> !server.out().isEmpty());
        Matcher matcher = Pattern.compile("http://127\\.0\\.0\\.1:\\d+")
                .matcher(server.out().get(0));
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(String address) {
        return send(HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(10)));
    }

    @Test
    void itSaysWhereItServes() {
        assertThat(server.out().get(0))
                .isEqualTo("Serving " + url + " with Redis at 127.0.0.1:" + redis.port() + ". Ctrl-C ends it.");
        assertThat(server.err()).isEmpty();
    }

    @Test
    void healthReadinessAndStatus() {
        try (StateManager hog =
                StateManager.connect(redis.options().nodeId("hog").build())) {
            hog.updateRobotState(Samples.robot("hog").build());
        }
        assertThat(get(url + "/healthz").body()).isEqualTo("{\"status\":\"alive\"}");
        assertThat(get(url + "/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
        HttpResponse<String> status = get(url + "/api/v1/status");
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(status.headers().firstValue("Server")).isEmpty();
        await().untilAsserted(() -> {
            JsonNode json =
                    new JsonMapper().readTree(get(url + "/api/v1/status").body());
            assertThat(json.get("nodes").get(0).get("id").asString()).isEqualTo("hog");
            assertThat(json.get("redis").get("version").asString()).isEqualTo(redis.version());
        });
    }

    @Test
    void whatIsNotThereIsJsonToo() {
        HttpResponse<String> missing = get(url + "/nope");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(missing.body()).startsWith("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,");
        HttpResponse<String> posted = send(HttpRequest.newBuilder(URI.create(url + "/healthz"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.body()).contains("\"status\":405");
    }

    @Test
    void aMalformedRequestLearnsNothing() throws IOException {
        URI address = URI.create(url);
        for (String line : new String[] {"GET /%zz HTTP/1.1", "NONSENSE", "GET / HTTP/9.9", "GET /../../x HTTP/1.1"}) {
            try (Socket socket = new Socket(address.getHost(), address.getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream()
                        .write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 ").contains("{\"type\":\"about:blank\"");
                assertThat(answer).doesNotContainIgnoringCase("jetty", "javalin", "Exception", "\tat ", "<html");
            }
        }
    }

    @Test
    void itListensOnLoopbackOnly() throws SocketException {
        int port = URI.create(url).getPort();
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(address -> assertThat(accepts(address, port)).isFalse());
    }

    private static boolean accepts(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new java.net.InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void itStartsWhileRedisIsAwayAndRecovers() {
        try (RedisServer later = RedisServer.start()) {
            later.kill();
            try (Program waiting = Program.start(
                    Map.of("REDIS_URL", "redis://:" + RedisServer.PASSWORD + "@127.0.0.1:" + later.port()),
                    "serve",
                    "--port",
                    "0",
                    "--json")) {
                String where = url(waiting);
                assertThat(waiting.out().get(0))
                        .isEqualTo("{\"url\":\"" + where + "\",\"redis\":\"127.0.0.1:" + later.port() + "\"}");
                assertThat(get(where + "/healthz").statusCode()).isEqualTo(200);
                await().untilAsserted(() -> assertThat(get(where + "/readyz").body())
                        .contains("\"code\":\"unavailable\"", "Redis is not there"));
                assertThat(get(where + "/readyz").statusCode()).isEqualTo(503);
                // What it knows it says, Redis or not.
                assertThat(get(where + "/api/v1/status").body()).startsWith("{\"status\":\"down\"");
                later.restart();
                await().until(() -> get(where + "/readyz").statusCode() == 200);
                assertThat(get(where + "/api/v1/status").statusCode()).isEqualTo(200);
                later.kill();
                await().until(() -> get(where + "/readyz").statusCode() == 503);
                later.restart();
                await().until(() -> get(where + "/api/v1/status").body().startsWith("{\"status\":\"ok\""));
                waiting.signal("TERM");
                assertThat(waiting.await(5)).isEqualTo(143);
                assertThat(String.join("\n", waiting.err())).doesNotContain("Exception", "\tat ", RedisServer.PASSWORD);
            }
        }
    }

    @Test
    void itFindsNodesThatAreInNoIndex() {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset(
                    "robot:state:rig",
                    "state",
                    "{\"timestamp\": \"2025-08-18T20:09:37.123456\", \"node_id\": \"rig\", \"is_connected_l\": true,"
                            + " \"current_pose\": \"ready\"}");
        }
        await().until(() -> get(url + "/api/v1/status").body().contains("\"id\":\"rig\""));
    }

    @Test
    void itStaysAliveWhileRedisIsFrozen() {
        try (RedisServer frozen = RedisServer.start()) {
            String[] serve = {"serve", "--port", "0", "--redis", "redis://127.0.0.1:" + frozen.port()};
            Map<String, String> environment = Map.of("REDIS_PASSWORD", RedisServer.PASSWORD);
            try (Program connected = Program.start(environment, serve)) {
                String where = url(connected);
                await().until(() -> get(where + "/readyz").statusCode() == 200);
                frozen.freeze();
                await().until(() -> get(where + "/readyz").statusCode() == 503);
                probe(where);
                try (Program waiting = Program.start(environment, serve)) {
                    probe(url(waiting));
                    frozen.thaw();
                    String there = url(waiting);
                    await().until(() -> get(there + "/readyz").statusCode() == 200);
                    await().until(() -> get(where + "/readyz").statusCode() == 200);
                }
            } finally {
                frozen.thaw();
            }
        }
    }

    /** Many ask for what Redis does not answer, one whether the server is alive. */
    private static void probe(String where) {
        HttpRequest ready =
                HttpRequest.newBuilder(URI.create(where + "/readyz")).build();
        List<CompletableFuture<HttpResponse<String>>> probes = IntStream.range(0, 40)
                .mapToObj(i -> HTTP.sendAsync(ready, HttpResponse.BodyHandlers.ofString()))
                .toList();
        for (int i = 0; i < 5; i++) {
            assertThat(send(HttpRequest.newBuilder(URI.create(where + "/healthz"))
                                    .timeout(Duration.ofSeconds(1)))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(probes)
                .allSatisfy(probe -> assertThat(probe)
                        .succeedsWithin(Duration.ofSeconds(10))
                        .extracting(HttpResponse::statusCode)
                        .isEqualTo(503));
    }

    @Test
    void withoutARedisItServesAPrivateOneAndSaysSo() {
        try (Program alone = Program.start(Map.of(), "serve", "--port", "0")) {
            String where = url(alone);
            assertThat(alone.err().get(0))
                    .startsWith("No Redis is named (--redis, REDIS_URL or REDIS_HOST). Serving a private, empty one at"
                            + " 127.0.0.1:");
            await().until(() -> get(where + "/readyz").statusCode() == 200);
            Matcher matcher =
                    Pattern.compile("127\\.0\\.0\\.1:\\d+").matcher(alone.err().get(0));
            assertThat(matcher.find()).isTrue();
            String address = matcher.group();
            assertThat(Program.commandLines(address)).isNotEmpty();
            alone.signal("INT");
            assertThat(alone.await(5)).isEqualTo(130);
            await().until(() -> Program.commandLines(address).isEmpty());
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Cli.Outcome outcome = Cli.with(redis).run("serve", "--port", port);
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err())
                    .isEqualTo("tatbot-state serve: port " + port + " is in use; choose another with --port, or 0 for a"
                            + " free one\n");
        }
        assertThat(Cli.bare().run("serve", "--port", "70000").err())
                .isEqualTo("tatbot-state serve: --port must be from 0 to 65535, was 70000\n");
    }
}
