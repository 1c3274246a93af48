package ai.tatbot.state.server.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How sessions and streams begin, live and end. */
@SuppressWarnings("NullAway.Init") // set by each test
class SessionsIT {
    private StreamableHttp transport;
    private MountedServlet server;

    private void start(TransportLimits limits) {
        start(limits, Duration.ofMillis(1_500));
    }

    /** @param reconnection how long test_reconnection takes */
    private void start(TransportLimits limits, Duration reconnection) {
        transport = new StreamableHttp(limits);
        server = new MountedServlet(transport.servlet());
        ConformanceFixture.serve(transport, reconnection);
    }

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20));
    }

    private RawClient client() {
        return new RawClient(server.uri());
    }

    private RawClient client(String name) {
        return new RawClient(server.uri(), name + ":read");
    }

    private static List<String> read(HttpResponse<Stream<String>> response) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader = new Thread(() -> {
            try {
                response.body().forEach(lines::add);
            } catch (RuntimeException e) {
                lines.add("cut");
            }
            lines.add("ended");
        });
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private static int status(RawClient client) {
        return client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}").statusCode();
    }

    @Test
    void thereAreSoManySessionsAndTheOneThatWasIdleLongestGivesWay() {
        start(TransportLimits.DEFAULT.withSessions(3));
        RawClient first = client().initialize();
        RawClient second = client().initialize();
        RawClient third = client().initialize();
        assertThat(status(first)).isEqualTo(200);

        RawClient fourth = client().initialize();

        assertThat(transport.sessionCount()).isEqualTo(3);
        assertThat(status(second)).isEqualTo(404);
        assertThat(List.of(status(first), status(third), status(fourth))).containsOnly(200);
    }

    @Test
    void aSessionThatIsInUseGivesWayToNone() {
        start(TransportLimits.DEFAULT.withSessions(2));
        List<List<String>> streams = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            streams.add(read(client().initialize().listen()));
        }
        await().until(() -> streams.stream().noneMatch(List::isEmpty));

        HttpResponse<String> refused = client().post(RawClient.initialization("2025-11-25"));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(RawClient.json(refused).get("error").get("code").intValue()).isEqualTo(-32000);
        assertThat(transport.sessionCount()).isEqualTo(2);
    }

    @Test
    void whoHasTooManyLosesOnesOwn() {
        start(TransportLimits.DEFAULT.withSessionsPerPrincipal(2));
        RawClient longIdle = client("anna").initialize();
        RawClient first = client("hog").initialize();
        List<RawClient> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(client("hog").initialize());
        }

        assertThat(transport.sessionCount()).isEqualTo(3);
        assertThat(List.of(status(first), status(others.get(0)), status(others.get(1))))
                .containsOnly(404);
        assertThat(List.of(status(longIdle), status(others.get(2)), status(others.get(3))))
                .containsOnly(200);
    }

    @Test
    void whoUsesAllOnesOwnIsRefusedButNobodyElse() {
        start(TransportLimits.DEFAULT.withSessionsPerPrincipal(1));
        List<String> lines = read(client("hog").initialize().listen());
        await().until(() -> !lines.isEmpty());

        HttpResponse<String> refused = client("hog").post(RawClient.initialization("2025-11-25"));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(RawClient.json(refused).get("error").get("message").stringValue())
                .startsWith("you have 1 sessions already");
        assertThat(status(client("anna").initialize())).isEqualTo(200);
    }

    @Test
    void whenThereAreTooManyInAllWhoHasMostLosesOne() {
        start(TransportLimits.DEFAULT.withSessions(4));
        RawClient anna = client("anna").initialize();
        RawClient first = client("hog").initialize();
        RawClient second = client("hog").initialize();
        RawClient third = client("hog").initialize();

        RawClient ben = client("ben").initialize();

        assertThat(status(first)).isEqualTo(404);
        assertThat(List.of(status(anna), status(second), status(third), status(ben)))
                .containsOnly(200);
    }

    @Test
    void nobodyTakesFromWhoHasFewer() {
        start(TransportLimits.DEFAULT.withSessions(3));
        RawClient anna = client("anna").initialize();
        List<List<String>> streams = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            streams.add(read(client("hog").initialize().listen()));
        }
        await().until(() -> streams.stream().noneMatch(List::isEmpty));

        assertThat(client("hog").post(RawClient.initialization("2025-11-25")).statusCode())
                .isEqualTo(503);
        assertThat(status(anna)).isEqualTo(200);
    }

    @Test
    void anIdleSessionExpiresButNotOneThatListens() {
        start(TransportLimits.DEFAULT.withSessionIdle(Duration.ofMillis(300)));
        RawClient idle = client().initialize();
        RawClient listening = client().initialize();
        List<String> lines = read(listening.listen());
        await().until(() -> !lines.isEmpty());

        await().until(() -> transport.sessionCount() == 1);

        assertThat(status(idle)).isEqualTo(404);
        assertThat(status(listening)).isEqualTo(200);
    }

    @Test
    void aStreamIsOpenedAnewAfterAWhile() {
        start(TransportLimits.DEFAULT.withStreamLife(Duration.ofMillis(300)));
        RawClient client = client().initialize();

        List<String> lines = read(client.listen());

        await().until(() -> lines.contains("ended"));
        assertThat(lines).doesNotContain("cut");
        assertThat(lines).anyMatch(line -> line.startsWith("retry: "));
        assertThat(status(client)).isEqualTo(200);
    }

    @Test
    void anOlderClientIsNotToldToComeBack() {
        start(TransportLimits.DEFAULT);
        RawClient client = client().initialize("2025-03-26");

        List<String> lines = read(client.listen());

        await().until(() -> !lines.isEmpty());
        assertThat(lines.get(0)).isEqualTo(":");
    }

    @Test
    void aResponseThatWasLostIsHadAgain() {
        start(TransportLimits.DEFAULT.withStreamLife(Duration.ofMillis(300)));
        RawClient client = client().initialize();
        HttpResponse<String> cut = client.post("""
                {"jsonrpc":"2.0","id":"r","method":"tools/call","params":{"name":"test_reconnection","arguments":{}}}""");
        assertThat(cut.body()).contains("notifications/message").doesNotContain("\"result\"");
        String last = cut.body()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .reduce((a, b) -> b)
                .orElseThrow();

        await().until(() -> {
            HttpResponse<String> resumed =
                    client.send(client.request("Last-Event-ID", last.substring(4), "Accept", "text/event-stream")
                            .GET()
                            .build());
            return resumed.statusCode() == 200 && resumed.body().contains("Reconnection test completed");
        });
    }

    @Test
    void aSecondStreamTakesOver() {
        start(TransportLimits.DEFAULT);
        RawClient client = client().initialize();
        List<String> first = read(client.listen());
        await().until(() -> !first.isEmpty());

        List<String> second = read(client.listen());
        await().until(() -> !second.isEmpty() && first.contains("ended"));
        transport.notifyClients("notifications/tools/list_changed", Map.of()).block();

        await().until(() -> second.stream().anyMatch(line -> line.contains("list_changed")));
        assertThat(first).noneMatch(line -> line.contains("list_changed"));
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndIsCutOff() throws Exception {
        start(TransportLimits.DEFAULT.withWriteDeadline(Duration.ofSeconds(1)));
        RawClient reader = client().initialize();
        List<String> lines = read(reader.listen());
        RawClient sleeper = client().initialize();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nMcp-Session-Id: "
                                    + sleeper.session() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');

            // More than the buffers of both sides hold, at the pace of the one who reads.
            String much = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) {
                String end = "x" + i + "\"";
                long start = System.nanoTime();
                transport
                        .notifyClients("notifications/message", Map.of("level", "info", "data", much + i))
                        .block();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> lines.stream().anyMatch(line -> line.contains(end)));
            }
            assertThat(status(reader)).isEqualTo(200);
            await().until(() -> isCut(in));
        }
    }

    /** The server has closed the connection: what is in the buffers comes, then the end or a reset. */
    private static boolean isCut(InputStream in) {
        try {
            in.readAllBytes();
            return true;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    void closingEndsStreamsAndCallsWithinFiveSeconds() {
        start(TransportLimits.DEFAULT);
        RawClient client = client().initialize();
        List<String> lines = read(client.listen());
        CompletableFuture<HttpResponse<String>> call =
                CompletableFuture.supplyAsync(() -> client.sharing(null).post("""
                        {"jsonrpc":"2.0","id":"r","method":"tools/call","params":{"name":"test_reconnection","arguments":{}}}"""));
        await().until(() -> !lines.isEmpty());
        long start = System.nanoTime();

        transport.close();
        await().until(() -> lines.contains("ended"));
        assertThat(call.join().statusCode()).isIn(200, 404, 503);
        server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void afterClosingNoSessionBegins() {
        start(TransportLimits.DEFAULT);
        transport.close();

        assertThat(client().post(RawClient.initialization("2025-11-25")).statusCode())
                .isEqualTo(503);
    }

    @Test
    void fiftyClientsAtOnce() {
        start(TransportLimits.DEFAULT);

        List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(CompletableFuture.supplyAsync(() -> {
                RawClient client = client().initialize();
                return client.tool("test_simple_text", "{}");
            }));
        }

        assertThat(calls)
                .allSatisfy(call ->
                        assertThat(call.join().get("content").toString()).contains("simple text"));
        assertThat(transport.sessionCount()).isEqualTo(50);
    }

    @Test
    void tooManyRequestsOfOneSessionAreRefused() {
        start(oneCallAtATime(), Duration.ofSeconds(4));
        RawClient client = client().initialize();
        HttpResponse<Stream<String>> first = client.stream("""
                        {"jsonrpc":"2.0","id":"r","method":"tools/call","params":{"name":"test_reconnection","arguments":{}}}""");
        List<String> lines = read(first);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(status(client)).isEqualTo(429);

        await().until(() -> lines.contains("ended"));
        assertThat(status(client)).isEqualTo(200);
    }

    @Test
    void whoHasHisAnswerMayAskAgain() {
        start(oneCallAtATime(), Duration.ofMillis(1));
        RawClient client = client().initialize();

        // Its answer is a stream, ended by another thread than the one that took the request.
        for (int i = 0; i < 200; i++) {
            assertThat(client.tool("test_reconnection", "{}").toString()).contains("completed");
        }
    }

    private static TransportLimits oneCallAtATime() {
        TransportLimits limits = TransportLimits.DEFAULT;
        return new TransportLimits(
                limits.bodyBytes(),
                limits.sessions(),
                limits.sessionsPerPrincipal(),
                limits.sessionIdle(),
                1,
                limits.streamLife(),
                limits.writeDeadline(),
                limits.heartbeat());
    }

    @Test
    void anOpenStreamIsNeverSilentForLong() {
        TransportLimits limits = TransportLimits.DEFAULT;
        start(new TransportLimits(
                limits.bodyBytes(),
                limits.sessions(),
                limits.sessionsPerPrincipal(),
                limits.sessionIdle(),
                limits.callsPerSession(),
                limits.streamLife(),
                limits.writeDeadline(),
                Duration.ofMillis(200)));

        List<String> lines = read(client().initialize().listen());

        await().until(() -> lines.stream().filter(":"::equals).count() >= 2);
    }
}
