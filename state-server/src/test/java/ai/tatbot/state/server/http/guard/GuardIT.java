package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard refuses before it asks who is there. On loopback, without tokens. */
class GuardIT {
    private static final String STATE = "GET /api/v1/state/robot:state:hog";
    private static final String EVENTS = "POST /api/v1/events";

    private static final String POST =
            "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\n";

    private static GuardedServer server;

    @BeforeAll
    static void start() {
        server = GuardedServer.start(ServerOptions.builder()
                .publicHosts(List.of("eek", "tatbot.example:80", "[fd00::1]:1234"))
                .origins(List.of("https://ook.example", "http://ook.example:8080"))
                .embedOrigins(List.of("https://wall.example")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RequestText request(String line) {
        return new RequestText(server.port(), line);
    }

    private static void assertProblem(RawHttp.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .startsWith("{\"type\":\"about:blank\",\"title\":\"")
                .contains("\"status\":" + status + ",", "\"code\":\"" + code + "\"");
        assertHeaders(answer);
    }

    private static void assertHeaders(RawHttp.Answer answer) {
        assertThat(answer.headers())
                .contains(
                        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
                                + " data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
                                + " frame-ancestors 'none'",
                        "X-Content-Type-Options: nosniff",
                        "X-Frame-Options: DENY",
                        "Referrer-Policy: no-referrer",
                        "Cross-Origin-Opener-Policy: same-origin",
                        "Cross-Origin-Resource-Policy: same-origin",
                        "Cache-Control: no-store");
        assertThat(answer.text().toLowerCase(Locale.ROOT)).doesNotContain("jetty", "javalin", "server:");
        assertThat(answer.header("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void onLoopbackWithoutTokensEverybodyReadsAndPublishes() {
        RawHttp.Answer read = request(STATE).send();
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("loopback reads robot:state:hog");
        assertHeaders(read);
        assertThat(request(EVENTS).json("{}").send().body()).isEqualTo("loopback publishes 2");
        assertThat(request("GET /api/v1/whoami").send().body())
                .isEqualTo("{\"name\":\"loopback\",\"scopes\":[\"read\",\"publish\"]}");
        assertThat(request("HEAD /api/v1/state/a").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "PATCH", "PROPFIND", "get", "FOO", "TRACK"})
    void othersMethodsAreRefused(String method) {
        RawHttp.Answer answer = request(method + " /api/v1/state/a")
                .header("X-Secret", "sesame")
                .send();
        assertProblem(answer, 405, "method_not_allowed");
        assertThat(answer.header("Allow")).contains("GET, HEAD, POST, PUT, DELETE, OPTIONS");
        assertThat(answer.text()).doesNotContain("sesame");
    }

    @Test
    void noHeaderMakesAnotherMethodOfIt() {
        for (String line : List.of("GET /api/v1/events", "POST /api/v1/state/a")) {
            for (String name : List.of("X-HTTP-Method-Override", "x-http-method-override")) {
                RawHttp.Answer answer = request(line)
                        .header(name, line.startsWith("GET") ? "POST" : "GET")
                        .send();
                assertProblem(answer, 400, "method_override");
            }
        }
    }

    @Test
    void connectIsRefused() {
        assertThat(request("CONNECT 127.0.0.1:6379").send().status()).isEqualTo(400);
        assertThat(request("CONNECT /").send().status()).isBetween(400, 499);
    }

    @Test
    void itsOwnNamesAreAnsweredTo() {
        String port = ":" + server.port();
        for (String host : List.of(
                "127.0.0.1" + port,
                "localhost" + port,
                "LocalHost" + port,
                "[::1]" + port,
                "eek" + port,
                "tatbot.example")) {
            assertThat(request(STATE).host(host).send().status()).as(host).isEqualTo(200);
        }
    }

    static Stream<String> foreignHosts() {
        String port = ":" + server.port();
        return Stream.of(
                "rebound.evil.test",
                "rebound.evil.test" + port,
                "127.0.0.1",
                "localhost",
                "127.0.0.1:1",
                "127.0.0.1" + port + "0",
                "127.0.0.1.evil.test" + port,
                "localhost.evil.test" + port,
                "evil-localhost" + port,
                "localhost." + port,
                "127.0.0.2" + port,
                "0.0.0.0" + port,
                "2130706433" + port,
                "[::]" + port,
                "[::ffff:127.0.0.1" + "%lo]" + port,
                "eek:1",
                "eek.evil.test" + port,
                "tatbot.example:81",
                "tatbot.example" + port);
    }

    @ParameterizedTest
    @MethodSource("foreignHosts")
    void aForeignHostIsRefused(String host) {
        RawHttp.Answer answer = request(STATE).host(host).send();
        assertThat(answer.status()).as(answer.text()).isIn(400, 403);
        assertThat(answer.body()).contains("\"status\":" + answer.status()).doesNotContain("reads");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@127.0.0.1:PORT\r\n\r\n",
                "GET http://evil.test/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : 127.0.0.1:PORT\r\n\r\n",
                "GET / HTTP/1.1\nHost: 127.0.0.1:PORT\n\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nA: b\r\n c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                POST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                POST + "Content-Length: -5\r\n\r\n",
                "GET /\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n"
            })
    void whatIsNoProperRequestIsRefused(String text) {
        RawHttp.Answer answer = RawHttp.exchange(server.port(), text.replace("PORT", Integer.toString(server.port())));
        assertThat(answer.status()).as(answer.text()).isBetween(400, 505).isNotEqualTo(500);
        assertThat(answer.body()).startsWith("{\"type\":\"about:blank\"");
    }

    @Test
    void ownAndNamedOriginsAreLetIn() {
        String port = ":" + server.port();
        for (String origin : List.of(
                "http://127.0.0.1" + port, "http://localhost" + port, "http://[::1]" + port, "http://eek" + port)) {
            RawHttp.Answer answer =
                    request(EVENTS).header("Origin", origin).json("{}").send();
            assertThat(answer.status()).as(origin).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        }
        RawHttp.Answer foreign = request(STATE)
                .header("Origin", "https://ook.example")
                .header("Sec-Fetch-Site", "cross-site")
                .send();
        assertThat(foreign.status()).isEqualTo(200);
        assertThat(foreign.header("Access-Control-Allow-Origin")).contains("https://ook.example");
        assertThat(foreign.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(foreign.header("Vary")).contains("Origin");
    }

    static Stream<String> foreignOrigins() {
        String own = "http://127.0.0.1:" + server.port();
        return Stream.of(
                "http://evil.test",
                own + ".evil.test",
                own + "0",
                own + "/",
                own + "@evil.test",
                "https://127.0.0.1:" + server.port(),
                "http://127.0.0.1",
                "http://127.0.0.1.evil.test:" + server.port(),
                "http://127.0.0.1:8765.evil.test",
                "http://localhost",
                "null",
                "",
                "*",
                own + " " + own,
                "https://ook.example.evil.test",
                "https://ook.example:444",
                "https://ook.example:443",
                "http://ook.example",
                "https://OOK.example/",
                "https://wall.example",
                "file://",
                "chrome-extension://abcdef");
    }

    @ParameterizedTest
    @MethodSource("foreignOrigins")
    void aForeignOriginIsRefused(String origin) {
        for (String line : List.of(STATE, "GET /healthz", "POST /login", "OPTIONS /api/v1/events")) {
            RawHttp.Answer answer = request(line)
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "POST")
                    .send();
            assertProblem(answer, 403, "origin");
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void twoOriginsAreRefused() {
        String own = "http://127.0.0.1:" + server.port();
        assertProblem(request(STATE).header("Origin", own).header("Origin", own).send(), 400, "origin");
    }

    @Test
    void anImageOfAForeignPageIsNotServedButALinkMayBeFollowed() {
        for (String site : List.of("cross-site", "same-site")) {
            assertProblem(
                    request(STATE)
                            .header("Sec-Fetch-Site", site)
                            .header("Sec-Fetch-Mode", "no-cors")
                            .send(),
                    403,
                    "origin");
            assertThat(request("GET /")
                            .header("Sec-Fetch-Site", site)
                            .header("Sec-Fetch-Mode", "navigate")
                            .send()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(request(STATE).header("Sec-Fetch-Site", "same-origin").send().status())
                .isEqualTo(200);
        assertThat(request(STATE).header("Sec-Fetch-Site", "none").send().status())
                .isEqualTo(200);
    }

    @Test
    void anAllowedPageMayAskBeforeItCalls() {
        RawHttp.Answer answer = request("OPTIONS /api/v1/events")
                .header("Origin", "https://ook.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization, content-type")
                .send();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).contains("https://ook.example");
        assertThat(answer.header("Access-Control-Allow-Headers").orElse("")).contains("Authorization", "Content-Type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../etc/passwd",
                "/assets/..",
                "/assets/../api/v1/state/a",
                "/assets/%2e%2e/api/v1/state/a",
                "/assets/%2E%2E/api",
                "/assets/.%2e/api",
                "/assets/..%2fapi",
                "/assets/..%5capi",
                "/assets/..\\api",
                "/assets/%252e%252e/api",
                "/assets/%c0%ae%c0%ae/api",
                "/assets/%ef%bc%8e%ef%bc%8e%2fapi",
                "/assets/..;/api",
                "/assets/;x/../api",
                "/assets/./app.js",
                "/assets/%2fapp.js",
                "/assets//app.js",
                "//evil.test/assets/app.js",
                "/assets/app.js%00.html",
                "/assets/app.js\u0000",
                "/assets/a%0d%0ab",
                "/assets/%",
                "/assets/%4",
                "/assets/%zz",
                "/assets/%u002e",
                "/assets/\u00e4",
                "/assets/%ff",
                "/assets/<x>",
                "/assets/a b",
                "assets/app.js",
                "*"
            })
    void aPathThatMightMeanSomethingElseIsRefused(String path) {
        RawHttp.Answer answer = request("GET " + path).send();
        assertThat(answer.status()).as(answer.text()).isIn(400, 404, 505);
        assertThat(answer.status() == 404 ? path : "")
                .as("only what is plain may be looked for")
                .isEmpty();
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertHeaders(answer);
    }

    @Test
    void ordinaryPathsAreServed() {
        assertThat(request("GET /assets/app.js").send().body()).isEqualTo("app");
        assertThat(request("GET /api/v1/state/robot%3Astate%3Ahog").send().body())
                .isEqualTo("loopback reads robot:state:hog");
        assertThat(request("GET http://127.0.0.1:" + server.port() + "/assets/app.js")
                        .send()
                        .body())
                .isEqualTo("app");
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "access_token", "ACCESS_TOKEN", "%74oken", "api_key", "last_event_id"})
    void aTokenInAnAddressIsRefused(String name) {
        RawHttp.Answer answer =
                request(STATE + "?a=b&" + name + "=tat_0123456789").send();
        assertProblem(answer, 400, "token_in_query");
        assertThat(answer.body()).contains("send it as Authorization: Bearer").doesNotContain("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?a=%", "?a=%f", "?%zz=1", "?a=%ff", "?a=%c3%28"})
    void aMalformedQueryIsRefused(String query) {
        assertThat(request(STATE + query).send().status()).isEqualTo(400);
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertProblem(request("GET /" + "x".repeat(9_000)).send(), 414, "uri_too_long");
        assertProblem(request("GET /").header("X", "x".repeat(9_000)).send(), 431, "request_header_fields_too_large");
        RequestText many = request("GET /");
        for (int i = 0; i < 2_000; i++) {
            many.header("X-" + i, "");
        }
        assertProblem(many.send(), 431, "request_header_fields_too_large");
    }

    @Test
    void aPanelMayBeShownByNamedPages() {
        RawHttp.Answer panel = request("GET /embed/progress").send();
        assertThat(panel.header("Content-Security-Policy").orElse(""))
                .endsWith("frame-ancestors 'self' https://wall.example")
                .startsWith("default-src 'none'; script-src 'self'");
        assertThat(panel.header("X-Frame-Options")).isEmpty();
        assertThat(panel.header("Cross-Origin-Resource-Policy")).contains("cross-origin");
    }

    @Test
    void nothingComesWhenTheServerIsAboutToStop() {
        try (GuardedServer other = GuardedServer.start()) {
            other.listener().guard().drain();
            RawHttp.Answer answer = new RequestText(other.port(), STATE).send();
            assertProblem(answer, 503, "shutting_down");
            assertThat(answer.header("Connection")).contains("close");
        }
    }
}
