package ai.tatbot.state.server.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is refused, and how: a JSON-RPC error with the right status, and not a word of Java. */
@SuppressWarnings("NullAway.Init") // set before all tests
class RefusedRequestsIT {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}";

    private static StreamableHttp transport;
    private static MountedServlet server;
    private static RawClient client;
    private HttpResponse<String> response;

    @BeforeAll
    static void start() {
        transport = new StreamableHttp(TransportLimits.DEFAULT);
        server = new MountedServlet(transport.servlet());
        ConformanceFixture.serve(transport, Duration.ofMillis(100));
        client = new RawClient(server.uri()).initialize();
    }

    @AfterAll
    static void stop() {
        transport.close();
        server.close();
    }

    @AfterEach
    void nothingOfJavaWasSaid() {
        if (response != null) {
            assertThat(response.body())
                    .doesNotContainPattern(
                            "(?i)exception|jackson|modelcontextprotocol|jetty|java\\.|ai\\.tatbot|\\tat ");
        }
    }

    private void expect(int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode error = RawClient.json(response);
        assertThat(error.get("jsonrpc").stringValue()).isEqualTo("2.0");
        assertThat(error.has("id")).isTrue();
        assertThat(error.has("result")).isFalse();
        assertThat(error.get("error").get("code").intValue()).isEqualTo(code);
        assertThat(error.get("error").get("message").stringValue()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "hello",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}",
                "\ufeff{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "NaN",
                "{'jsonrpc':'2.0'}"
            })
    void whatIsNoJsonIsAParseError(String body) {
        response = client.post(body);

        expect(400, -32700);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1",
                "\"text\"",
                "{}",
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "{\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":2,\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":123456789012345678901234567890,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":5}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"x\"}}",
                "{\"jsonrpc\":\"2.0\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\",\"params\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"nobody-asked\",\"result\":{}}"
            })
    void whatIsNoMessageIsAnInvalidRequest(String body) {
        response = client.post(body);

        expect(400, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5", "null", "true"})
    void parametersThatAreNoObjectAreInvalid(String params) {
        response = client.post("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":" + params + "}");

        expect(200, -32602);
        assertThat(RawClient.json(response).get("id").intValue()).isEqualTo(7);
    }

    @Test
    void bytesThatAreNotUtf8AreAParseError() {
        byte[] body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);

        response = client.send(
                client.request().POST(BodyPublishers.ofByteArray(body)).build());

        expect(400, -32700);
    }

    @Test
    void aBodyNestedTooDeepIsAParseError() {
        response = client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":" + "[".repeat(100)
                + "]".repeat(100) + "}}");

        expect(400, -32700);
    }

    @Test
    void aBodyOfElevenMegabytesIsTooLarge() {
        response = client.post(" ".repeat(11 << 20) + LIST);

        expect(413, -32600);
    }

    @Test
    void aBodyOfUnknownLengthMayNotBeTooLargeEither() {
        byte[] body = (" ".repeat(2 << 20) + LIST).getBytes(StandardCharsets.UTF_8);

        response = client.send(client.request()
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                .build());

        expect(413, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2024-11-05", "2026-07-28", "tomorrow", "2025-06-18, 2025-11-25", "2025-06-18 x"})
    void aVersionThatIsNotSpokenIsRefused(String version) {
        response = client.post(LIST, "MCP-Protocol-Version", version);
        expect(400, -32600);

        response = client.send(client.request("MCP-Protocol-Version", version, "Accept", "text/event-stream")
                .GET()
                .build());
        expect(400, -32600);

        response = client.send(
                client.request("MCP-Protocol-Version", version).DELETE().build());
        expect(400, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-03-26", "2025-06-18", "2025-11-25", ""})
    void theVersionsThatAreSpokenAreNot(String version) {
        response = client.post(LIST, "MCP-Protocol-Version", version);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(RawClient.json(response).has("result")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/event-stream", "text/html", "application/json, text/event-stream;q=0"})
    void aPostMustAcceptBothKindsOfAnswer(String accept) {
        response = client.post(LIST, "Accept", accept);

        expect(406, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*, text/*", "text/event-stream;q=0.5,APPLICATION/JSON"})
    void wildcardsCount(String accept) {
        response = client.post(LIST, "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aStreamMustBeAccepted() {
        response =
                client.send(client.request("Accept", "application/json").GET().build());

        expect(406, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/jsonp", "multipart/form-data"})
    void aBodyMustBeJson(String type) {
        response = client.post(LIST, "Content-Type", type);

        expect(415, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        // By hand, for the JDK's client sends no TRACE.
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write((method
                                    + " /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 405")
                    .containsIgnoringCase("Allow: GET, POST, DELETE")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void aRequestWithoutASessionIsRefused() {
        response = client.post(LIST, "Mcp-Session-Id", "");

        expect(400, -32600);
        assertThat(RawClient.json(response).get("id").intValue()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "%00"})
    void aSessionThatDoesNotExistIsNotFound(String id) {
        response = client.post(LIST, "Mcp-Session-Id", id);
        expect(404, -32001);

        response = client.send(client.request("Mcp-Session-Id", id, "Accept", "text/event-stream")
                .GET()
                .build());
        expect(404, -32001);

        response = client.send(client.request("Mcp-Session-Id", id).DELETE().build());
        expect(404, -32001);
    }

    @Test
    void aSessionIsItsOwnersOnly() {
        RawClient other = client.sharing("mallory:read,publish,admin");

        response = other.post(LIST);

        expect(404, -32001);
    }

    @Test
    void aSessionThatWasDeletedIsNotFound() {
        RawClient short1 = new RawClient(server.uri()).initialize();
        assertThat(short1.send(short1.request().DELETE().build()).statusCode()).isEqualTo(204);

        response = short1.post(LIST);

        expect(404, -32001);
    }

    @Test
    void initializeIsNotSentTwiceInASession() {
        response = client.post(RawClient.initialization("2025-11-25"));

        expect(400, -32600);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}
                    {"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"a","version":"1"}}
                    {"protocolVersion":"2025-11-25","clientInfo":{"name":"a","version":"1"}}
                    {"protocolVersion":"2025-11-25","capabilities":[],"clientInfo":{"name":"a","version":"1"}}
                    {"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a"}}
                    {"protocolVersion":"2025-11-25","capabilities":{"sampling":5},"clientInfo":{"name":"a","version":"1"}}
                    """)
    void initializeNeedsItsParameters(String params) {
        response = new RawClient(server.uri())
                .post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":" + params + "}");

        expect(200, -32602);
    }

    @Test
    void anOlderOrNewerClientIsOfferedTheLatestVersion() {
        JsonNode answer = RawClient.json(new RawClient(server.uri()).post(RawClient.initialization("2024-11-05")));

        assertThat(answer.get("result").get("protocolVersion").stringValue()).isEqualTo("2025-11-25");
    }

    @Test
    void theDiscoveryOfTheStatelessProtocolIsAnUnknownMethod() {
        String discover = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{}}";

        response = client.post(discover);
        expect(200, -32601);

        response = new RawClient(server.uri()).post(discover);
        expect(200, -32601);

        response = new RawClient(server.uri()).post(discover, "MCP-Protocol-Version", "2026-07-28");
        expect(400, -32601);
    }

    @Test
    void anUnknownMethodIsNotFound() {
        response = client.post("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"robot/explode\"}");

        expect(200, -32601);
    }

    @Test
    void theSameIdIsNotUsedTwiceAtATime() {
        String body =
                "{\"jsonrpc\":\"2.0\",\"id\":\"twice\",\"method\":\"tools/call\",\"params\":{\"name\":\"test_tool_with_logging\",\"arguments\":{}}}";
        var first = java.util.concurrent.CompletableFuture.supplyAsync(() -> client.post(body));
        org.awaitility.Awaitility.await().until(() -> {
            response = client.post(body);
            return response.statusCode() == 400 || first.isDone();
        });

        expect(400, -32600);
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "0-", "1-99999999999999999999", "77-1", "-1-1"})
    void aStreamThatDoesNotExistIsNotResumed(String lastEvent) {
        response = client.send(client.request("Last-Event-ID", lastEvent, "Accept", "text/event-stream")
                .GET()
                .build());

        expect(400, -32600);
    }
}
