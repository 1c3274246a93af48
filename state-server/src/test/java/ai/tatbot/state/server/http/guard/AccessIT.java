package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.tatbot.state.server.access.AuditLog;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who is let in by tokens, and for how long. */
class AccessIT {
    private static final String STATE = "GET /api/v1/state/robot:state:hog";
    private static final String EVENTS = "POST /api/v1/events";
    private static final String WHO_AM_I = "GET /api/v1/whoami";

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private Path file = Path.of("tokens");
    private TokenStore tokens = new TokenStore(file);
    private String reader = "";
    private String publisher = "";

    @BeforeEach
    void makeTokens() {
        file = folder.resolve("tokens");
        tokens = new TokenStore(file);
        reader = tokens.add("ook", Set.of(Scope.READ), null);
        publisher = tokens.add("assistant", Set.of(Scope.READ, Scope.PUBLISH), null);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void nothingSecretWasLogged() {
        root.detachAppender(log);
        assertThat(log.list)
                .allSatisfy(event -> assertThat(event.getFormattedMessage())
                        .doesNotContain(reader, publisher, reader.substring(4, 20), "sha256:")
                        .doesNotContainPattern("[A-Za-z0-9_-]{43}"));
    }

    private GuardedServer start() {
        return start(ServerOptions.builder());
    }

    private GuardedServer start(ServerOptions.Builder options) {
        return GuardedServer.start(options.tokens(file));
    }

    private static RequestText request(GuardedServer server, String line) {
        return new RequestText(server.port(), line);
    }

    private static RawHttp.Answer login(GuardedServer server, String token) {
        return request(server, "POST /login")
                .header("Origin", "http://127.0.0.1:" + server.port())
                .json("{\"token\": \"" + token + "\"}")
                .send();
    }

    private static String cookie(RawHttp.Answer answer) {
        return answer.header("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    @Test
    void withoutATokenOnlyThePageAndWhetherTheServerLivesAreServed() {
        try (GuardedServer server = start()) {
            for (String line : List.of("GET /", "GET /healthz", "GET /assets/app.js", "GET /embed/progress")) {
                assertThat(request(server, line).send().status()).as(line).isEqualTo(200);
                assertThat(request(server, line).bearer("tat_wrong").send().status())
                        .isEqualTo(200);
            }
            for (String line : List.of(
                    STATE,
                    EVENTS,
                    WHO_AM_I,
                    "GET /metrics",
                    "GET /api",
                    "GET /mcp",
                    "GET /asset/x",
                    "GET /assets",
                    "GET /schema/a",
                    "DELETE /mcp",
                    "GET /no-such-thing",
                    "GET /healthz/x",
                    "GET /HEALTHZ")) {
                RawHttp.Answer answer = request(server, line).send();
                assertThat(answer.status()).as(line).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"tatbot-state\"");
                assertThat(answer.header("Content-Type")).contains("application/problem+json");
                assertThat(answer.body()).contains("\"code\":\"unauthorized\"");
            }
        }
    }

    @Test
    void aTokenSaysWhoAsksAndWhatTheyMay() {
        try (GuardedServer server = start()) {
            assertThat(request(server, STATE).bearer(reader).send().body()).isEqualTo("ook reads robot:state:hog");
            assertThat(request(server, STATE)
                            .header("authorization", "bEaReR  " + reader)
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(request(server, WHO_AM_I).bearer(publisher).send().body())
                    .isEqualTo("{\"name\":\"assistant\",\"scopes\":[\"read\",\"publish\"]}");
            assertThat(request(server, EVENTS)
                            .bearer(publisher)
                            .json("{}")
                            .send()
                            .body())
                    .isEqualTo("assistant publishes 2");
            RawHttp.Answer refused =
                    request(server, EVENTS).bearer(reader).json("{}").send();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("WWW-Authenticate"))
                    .contains("Bearer realm=\"tatbot-state\", error=\"insufficient_scope\", scope=\"publish\"");
        }
    }

    @Test
    void whoMayOnlyPublishReadsNothing() {
        String writer = tokens.add("sensor", Set.of(Scope.PUBLISH), null);
        try (GuardedServer server = start()) {
            assertThat(request(server, EVENTS).bearer(writer).json("{}").send().status())
                    .isEqualTo(200);
            assertThat(request(server, WHO_AM_I).bearer(writer).send().status()).isEqualTo(200);
            for (String line : List.of(STATE, "HEAD /metrics", "GET /no-such-thing")) {
                RawHttp.Answer answer = request(server, line).bearer(writer).send();
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.header("WWW-Authenticate").orElse(""))
                        .endsWith("error=\"insufficient_scope\", scope=\"read\"");
            }
        }
    }

    @Test
    void whatIsNoTokenIsRefused() {
        String expired = tokens.add("old", Set.of(Scope.READ), Instant.now().minusSeconds(1));
        try (GuardedServer server = start()) {
            String changed = reader.substring(0, 46) + (reader.charAt(46) == 'A' ? 'B' : 'A');
            for (String wrong : List.of(expired, changed, "tat_", "x", reader + "x", reader + " " + reader, "\u00e4")) {
                RawHttp.Answer answer = request(server, STATE).bearer(wrong).send();
                assertThat(answer.status()).as(wrong).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate").orElse(""))
                        .startsWith("Bearer realm=\"tatbot-state\", error=\"invalid_token\", error_description=\"");
                assertThat(answer.body()).contains("\"code\":\"invalid_token\"").doesNotContain(wrong + "\"");
            }
            for (String other : List.of("Basic b29rOm9vaw==", "Bearer", reader, "Token " + reader, "")) {
                RawHttp.Answer answer =
                        request(server, STATE).header("Authorization", other).send();
                assertThat(answer.status()).as(other).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"tatbot-state\"");
            }
            RawHttp.Answer two =
                    request(server, STATE).bearer(reader).bearer(publisher).send();
            assertThat(two.status()).isEqualTo(400);
            assertThat(two.header("WWW-Authenticate").orElse("")).contains("error=\"invalid_request\"");
        }
    }

    @Test
    void aPageLogsInByToken() {
        try (GuardedServer server = start()) {
            RawHttp.Answer answer = login(server, publisher);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("Set-Cookie").orElse(""))
                    .matches("tatbot_session=assistant\\.[0-9]+\\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=25(9199.|92000);"
                            + " HttpOnly; SameSite=Strict");
            String cookie = cookie(answer);
            assertThat(request(server, WHO_AM_I).header("Cookie", cookie).send().body())
                    .isEqualTo("{\"name\":\"assistant\",\"scopes\":[\"read\",\"publish\"]}");
            assertThat(request(server, STATE)
                            .header("Cookie", "a=b; " + cookie + "; c=d")
                            .send()
                            .status())
                    .isEqualTo(200);
            // The token in the header counts, whatever the cookie.
            assertThat(request(server, STATE)
                            .header("Cookie", cookie)
                            .bearer(reader)
                            .send()
                            .body())
                    .startsWith("ook reads");
            assertThat(login(server, "tat_wrong").status()).isEqualTo(401);
            RawHttp.Answer out =
                    request(server, "POST /logout").header("Cookie", cookie).send();
            assertThat(out.status()).isEqualTo(204);
            assertThat(out.header("Set-Cookie"))
                    .contains("tatbot_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
            assertThat(log.list)
                    .filteredOn(event -> event.getLoggerName().equals(AuditLog.LOGGER))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("who=assistant action=login what=page outcome=done");
        }
    }

    @Test
    void aLoginThatMakesNoSenseIsRefused() {
        try (GuardedServer server = start()) {
            for (String body : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{}",
                    "{\"token\": 1}",
                    "{\"token\": {\"token\": \"x\"}}",
                    "{\"token\":\"x\"} x")) {
                RawHttp.Answer answer =
                        request(server, "POST /login").json(body).send();
                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.body()).contains("the body must be {\\\"token\\\": \\\"tat_...\\\"}");
            }
            assertThat(request(server, "GET /login").send().status()).isEqualTo(405);
            assertThat(request(server, "GET /logout").send().status()).isEqualTo(405);
        }
    }

    @Test
    void aCookieThatIsNoGoodIsRefused() {
        try (GuardedServer server = start()) {
            String good = cookie(login(server, reader));
            for (String cookie : List.of(
                    "tatbot_session=",
                    "tatbot_session=x",
                    good + "x",
                    good.replace("=ook.", "=assistant."),
                    good + "; " + good,
                    "tatbot_session=\"" + "x".repeat(1_000) + "\"")) {
                assertThat(request(server, STATE)
                                .header("Cookie", cookie)
                                .send()
                                .status())
                        .as(cookie)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void whatChangesSomethingByCookieMustComeOfTheServersOwnPage() {
        try (GuardedServer server = start(ServerOptions.builder().origins(List.of("https://ook.example")))) {
            String cookie = cookie(login(server, publisher));
            String own = "http://127.0.0.1:" + server.port();
            RequestText bare = request(server, EVENTS).header("Cookie", cookie).json("{}");
            RawHttp.Answer answer = bare.send();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":\"origin\"");
            for (String[] header : new String[][] {{"Origin", own}, {"Sec-Fetch-Site", "same-origin"}}) {
                assertThat(request(server, EVENTS)
                                .header("Cookie", cookie)
                                .header(header[0], header[1])
                                .json("{}")
                                .send()
                                .status())
                        .isEqualTo(200);
            }
            for (String[] header : new String[][] {
                {"Origin", "https://ook.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "none"}, {"Origin", own + "0"}
            }) {
                assertThat(request(server, EVENTS)
                                .header("Cookie", cookie)
                                .header(header[0], header[1])
                                .json("{}")
                                .send()
                                .status())
                        .as(header[1])
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void aRevokedTokenAndItsPageStopWithinTwoSeconds() {
        try (GuardedServer server = start()) {
            String cookie = cookie(login(server, reader));
            assertThat(request(server, STATE).bearer(reader).send().status()).isEqualTo(200);
            assertThat(request(server, STATE).header("Cookie", cookie).send().status())
                    .isEqualTo(200);
            tokens.remove("ook");
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> request(server, STATE).bearer(reader).send().status() == 401
                            && request(server, STATE)
                                            .header("Cookie", cookie)
                                            .send()
                                            .status()
                                    == 401);
            assertThat(request(server, STATE).bearer(publisher).send().status()).isEqualTo(200);
        }
    }

    @Test
    void aNewTokenIsKnownWithinTwoSeconds() {
        try (GuardedServer server = start()) {
            String added = tokens.add("hog", Set.of(Scope.READ), null);
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> request(server, STATE).bearer(added).send().status() == 200);
        }
    }

    @Test
    void aBrokenFileKeepsTheOldTokensAndSaysSo() throws IOException {
        try (GuardedServer server = start()) {
            Files.writeString(file, "nonsense");
            await().atMost(Duration.ofSeconds(3)).until(() -> {
                assertThat(request(server, STATE).bearer(reader).send().status())
                        .isEqualTo(200);
                return log.list.stream()
                        .anyMatch(event -> event.getFormattedMessage().contains("are still in force"));
            });
            assertThat(request(server, STATE).bearer(reader).send().status()).isEqualTo(200);
        }
    }

    @Test
    void aPageSessionSurvivesARestart() {
        String cookie;
        try (GuardedServer server = start()) {
            cookie = cookie(login(server, reader));
        }
        try (GuardedServer server = start()) {
            assertThat(request(server, STATE).header("Cookie", cookie).send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void manyWrongTokensAreThrottledAndRightOnesAreNot() {
        try (GuardedServer server = start()) {
            int[] counts = new int[600];
            for (int i = 0; i < 40; i++) {
                RawHttp.Answer answer = i % 2 == 0
                        ? login(server, "tat_" + i)
                        : request(server, STATE).bearer("tat_" + i).send();
                counts[answer.status()]++;
                if (answer.status() == 429) {
                    assertThat(answer.header("Retry-After")).contains("1");
                    assertThat(answer.body()).contains("\"code\":\"too_many_attempts\"");
                }
            }
            assertThat(counts[401]).isBetween(10, 14);
            assertThat(counts[429]).isEqualTo(40 - counts[401]);
            assertThat(request(server, STATE).bearer(reader).send().status()).isEqualTo(200);
            assertThat(login(server, reader).status()).isEqualTo(204);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .contains("many wrong tokens from 127.0.0.1");
        }
    }

    @Test
    void eachTokenHasItsRate() {
        try (GuardedServer server = start(ServerOptions.builder().rate(20));
                RawHttp http = RawHttp.connect(server.port())) {
            int served = 0;
            RawHttp.Answer last =
                    http.send(request(server, STATE).bearer(reader).text()).answer();
            while (last.status() == 200 && served < 200) {
                served++;
                last = http.send(request(server, STATE).bearer(reader).text()).answer();
            }
            assertThat(served).isBetween(20, 40);
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.header("Retry-After")).contains("1");
            assertThat(last.body()).contains("\"code\":\"too_many_requests\"");
            assertThat(request(server, STATE).bearer(publisher).send().status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> request(server, STATE).bearer(reader).send().status() == 200);
        }
    }
}
