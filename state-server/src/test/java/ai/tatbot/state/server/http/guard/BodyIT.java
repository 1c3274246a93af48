package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bodies: too large, too deep, too slow. */
class BodyIT {
    private static final int MEBIBYTE = 1 << 20;

    private static GuardedServer server;

    @BeforeAll
    static void start() {
        server = GuardedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RequestText post() {
        return new RequestText(server.port(), "POST /api/v1/events");
    }

    private static RequestText chunked() {
        return post().header("Content-Type", "application/json").header("Transfer-Encoding", "chunked");
    }

    private static String string(int length) {
        return '"' + "x".repeat(length - 2) + '"';
    }

    private static void sendChunks(RawHttp http, int bytes) {
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        for (int sent = 0; sent < bytes && http.trySend(chunk); sent += 0x10000) {
            assertThat(sent).isLessThan(bytes);
        }
        http.trySend("0\r\n\r\n");
    }

    private static void assertTooLarge(RawHttp.Answer answer) {
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("Connection")).contains("close");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Payload Too Large\",\"status\":413,\"detail\":\"the body is"
                                + " too large; at most 1048576 bytes are taken\",\"code\":\"too_large\"}");
    }

    @Test
    void aMebibyteIsTaken() {
        assertThat(post().json(string(MEBIBYTE)).send().body()).isEqualTo("loopback publishes " + MEBIBYTE);
        try (RawHttp http = RawHttp.connect(server.port())) {
            http.send(chunked().text());
            sendChunks(http, MEBIBYTE);
            assertThat(http.answer().body()).isEqualTo("loopback publishes " + MEBIBYTE);
            http.send(post().json("{}").text());
            assertThat(http.answer().body()).isEqualTo("loopback publishes 2");
        }
    }

    @Test
    void elevenMegabytesAreRefusedByTheirLength() {
        assertTooLarge(post().json(string(11_000_000)).send());
        assertTooLarge(post().json(string(MEBIBYTE + 1)).send());
    }

    @Test
    void elevenMegabytesAreRefusedBeforeTheyAreSent() {
        try (RawHttp http = RawHttp.connect(server.port())) {
            http.send(post().header("Content-Type", "application/json")
                    .header("Content-Length", "11000000")
                    .header("Expect", "100-continue")
                    .text());
            assertTooLarge(http.answer());
        }
    }

    @Test
    void elevenMegabytesInChunksAreRefused() {
        try (RawHttp http = RawHttp.connect(server.port())) {
            http.send(chunked().text());
            sendChunks(http, 11_000_000);
            assertTooLarge(http.answer());
            assertThat(http.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whoNeverStopsSendingIsCutOff() {
        try (RawHttp http = RawHttp.connect(server.port())) {
            http.send(chunked().text());
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            int sent = 0;
            while (sent < 2_000 && http.trySend(chunk)) {
                sent++;
            }
            assertThat(sent).as("chunks of 64 KiB that were taken").isLessThan(1_000);
        }
        assertThat(post().json("{}").send().status()).isEqualTo(200);
    }

    @Test
    void aLoginIsShort() {
        assertThat(new RequestText(server.port(), "POST /login")
                        .json(string(5_000))
                        .send()
                        .status())
                .isEqualTo(413);
    }

    @Test
    void aBodyIsJson() {
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "x",
                "",
                "application/json; charset=no-such",
                "application/json;charset=utf-16")) {
            RawHttp.Answer answer = post().header("Content-Type", type)
                    .header("Content-Length", "2")
                    .send();
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.body()).contains("\"code\":\"media_type\"");
        }
        assertThat(post().header("Content-Type", "application/json; charset=utf-8")
                        .header("Content-Length", "0")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void evenNoBodyHasACharsetThatIsKnown() {
        for (String type : List.of("application/json; charset=no-such", "text/plain;charset=utf-16")) {
            assertThat(post().header("Content-Type", type).send().status()).isEqualTo(415);
            assertThat(post().header("Content-Type", "application/json")
                            .header("Content-Type", type)
                            .header("Content-Length", "0")
                            .send()
                            .status())
                    .isEqualTo(415);
        }
        assertThat(post().header("Content-Type", "text/plain").send().status()).isEqualTo(200);
    }

    @Test
    void jsonIsNotNestedTooDeep() {
        assertThat(post().json("[".repeat(64) + "]".repeat(64)).send().status()).isEqualTo(200);
        RawHttp.Answer answer =
                post().json("{\"a\":".repeat(65) + "1" + "}".repeat(65)).send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"too_deep\"");
        assertThat(post().json("[".repeat(1_000_000)).send().body()).contains("\"code\":\"too_deep\"");
        assertThat(post().json("\"" + "[".repeat(1_000) + "\\\"" + "[".repeat(1_000) + "\"")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void slowBodiesHoldNoThreadAndAreCutOff() {
        List<RawHttp> slow = new ArrayList<>();
        try {
            // More than the server has threads.
            for (int i = 0; i < 100; i++) {
                slow.add(RawHttp.connect(server.port())
                        .send(post().header("Content-Type", "application/json")
                                        .header("Content-Length", "1000")
                                        .text()
                                + "{"));
            }
            assertThat(post().json("{}").send().status()).isEqualTo(200);
            RawHttp one = slow.get(0);
            Thread dripping = new Thread(() -> drip(one));
            dripping.setDaemon(true);
            dripping.start();
            RawHttp.Answer answer = slow.get(1).answerWithin(30);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"code\":\"timeout\"");
            assertThat(slow.get(1).isClosedByServer()).isTrue();
            assertThat(one.answerWithin(5).status()).isEqualTo(408);
            assertThat(post().json("{}").send().status()).isEqualTo(200);
        } finally {
            slow.forEach(RawHttp::close);
        }
    }

    /** A byte now and then, so that the connection is never idle for long. */
    private static void drip(RawHttp http) {
        while (http.trySend("x")) {
            RawHttp.pause(500);
        }
    }

    @Test
    void slowHeadersAreCutOffHoweverManyBytesComeMeanwhile() {
        try (RawHttp dripping = RawHttp.connect(server.port());
                RawHttp silent = RawHttp.connect(server.port());
                RawHttp second = RawHttp.connect(server.port());
                RawHttp patient = RawHttp.connect(server.port())) {
            long begin = System.nanoTime();
            dripping.send("GET /healthz HTTP/1.1\r\nX: ");
            second.send(new RequestText(server.port(), "GET /healthz").text());
            assertThat(second.answer().status()).isEqualTo(200);
            patient.send(new RequestText(server.port(), "GET /healthz").text());
            assertThat(patient.answer().status()).isEqualTo(200);
            second.send("GET /healthz HTTP/1.1\r\nX: ");
            for (RawHttp http : List.of(dripping, second)) {
                Thread thread = new Thread(() -> drip(http));
                thread.setDaemon(true);
                thread.start();
            }
            for (RawHttp http : List.of(dripping, second, silent)) {
                assertThat(http.isClosedByServer()).isTrue();
                assertThat((System.nanoTime() - begin) / 1_000_000_000L).isBetween(8L, 14L);
            }
            // Between two requests a connection may rest for longer.
            patient.send(new RequestText(server.port(), "GET /healthz").text());
            assertThat(patient.answer().status()).isEqualTo(200);
        }
    }
}
