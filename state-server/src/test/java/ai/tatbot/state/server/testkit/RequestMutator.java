package ai.tatbot.state.server.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes wrong requests of right ones. What it makes depends on its source of random numbers alone. */
final class RequestMutator {
    private static final List<String> METHODS = List.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "OPTIONS",
            "PATCH",
            "TRACE",
            "CONNECT",
            "PRI",
            "get",
            "G\u00cbT",
            "X");

    private static final List<String> TARGETS = List.of(
            "/",
            "/healthz",
            "/readyz",
            "/metrics",
            "/mcp",
            "/api",
            "/login",
            "/logout",
            "/api/v1/whoami",
            "/api/v1/status",
            "/api/v1/state/robot:state:hog",
            "/api/v1/state?kind=x&limit=-1",
            "/api/v1/state/%00",
            "/api/v1/sessions/x/history?limit=99999999999999999999",
            "/schema/models/../x",
            "/assets/%2e%2e/%2e%2e/etc/passwd",
            "/assets/\\..\\x",
            "//",
            "*",
            "http://evil.test/",
            "/?token=tat_x",
            "/%",
            "/\u00ff",
            "/;jsessionid=1",
            "/embed/progress");

    private static final List<String> HEADERS = List.of(
            "Host: evil.test",
            "Host: 127.0.0.1",
            "Origin: null",
            "Origin: http://evil.test",
            "Authorization: Bearer tat_wrong",
            "Authorization: Bearer",
            "Authorization: Basic eA==",
            "Cookie: tatbot_session=a.1.b",
            "Cookie: tatbot_session=\"",
            "Cookie: $Version=1; a=\u0001",
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=no-such",
            "Content-Type: ;;;",
            "Content-Encoding: gzip",
            "Accept: text/event-stream",
            "Accept: application/json, text/event-stream",
            "Accept: */*;q=x",
            "Accept-Encoding: gzip;q=2, br",
            "Range: bytes=5-1,-",
            "If-None-Match: \"",
            "If-Modified-Since: yesterday",
            "Last-Event-ID: \u00e4-1-1-1-1",
            "Last-Event-ID: 99999999999999999999",
            "Mcp-Session-Id: ../../x",
            "MCP-Protocol-Version: 1999-01-01",
            "MCP-Protocol-Version: ",
            "Forwarded: for=\"[::1]\";host=evil",
            "X-Forwarded-Host: evil.test",
            "X-Forwarded-For: 127.0.0.1",
            "X-HTTP-Method-Override: DELETE",
            "Sec-Fetch-Site: cross-site",
            "TE: trailers, x",
            "Upgrade: h2c",
            "Connection: Upgrade, HTTP2-Settings",
            "HTTP2-Settings: AAA",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: x",
            "Referer: \u0000",
            "X: " + "y".repeat(9_000));

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "-0",
            "99999999999999999999999999999999",
            "0.1e-99999",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"<img src=x onerror=alert(1)>\"",
            "\"\u00ff\u00fe\"",
            "[]",
            "{}",
            "[[[[",
            "{\"a\":{\"a\":{\"a\":1}}}",
            "{\"__proto__\":1}",
            "\"" + "x".repeat(5_000) + "\"",
            "[" + "1,".repeat(1_000) + "1]",
            "[".repeat(200),
            "NaN",
            "\u00ef\u00bb\u00bf",
            "/*",
            ",",
            "}",
            "\"");

    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@/?%;\"<>{}[]|^`#";

    private final RandomGenerator random;

    RequestMutator(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A request that is wrong in what it says, but can be told from the next one on its connection.
     *
     * @param seed a right one, with CRLF line ends; its body is framed by its length
     */
    byte[] framed(byte[] seed) {
        String text = text(seed);
        int end = text.indexOf("\r\n\r\n");
        List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\r\n", -1)));
        String body = text.substring(end + 4);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            switch (random.nextInt(body.isEmpty() ? 5 : 12)) {
                case 0, 1 -> lines.set(0, requestLine(lines.get(0)));
                case 2 -> lines.add(1 + random.nextInt(lines.size()), pick(HEADERS));
                case 3 -> changeHeader(lines);
                default -> body = body(body);
            }
        }
        lines.removeIf(line -> isFraming(line));
        if (!body.isEmpty() || random.nextInt(4) == 0) {
            lines.add("Content-Length: " + body.length());
        }
        return bytes(String.join("\r\n", lines) + "\r\n\r\n" + body);
    }

    /** Any bytes: what the server makes of them cannot be foretold. */
    byte[] wild(byte[] seed) {
        StringBuilder text = new StringBuilder(text(random.nextBoolean() ? seed : framed(seed)));
        for (int changes = 1 + random.nextInt(8); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(7)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.setLength(at);
                case 4 -> text.insert(at, random.nextBoolean() ? "\r\n" : "\n");
                case 5 -> text.insert(at, "Transfer-Encoding: chunked\r\n");
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
            }
        }
        return bytes(text.toString());
    }

    private String requestLine(String line) {
        String[] parts = line.split(" ", -1);
        String method = random.nextInt(3) == 0 ? pick(METHODS) : parts[0];
        String target = parts.length > 1 ? parts[1] : "/";
        if (random.nextBoolean()) {
            target = random.nextBoolean() ? pick(TARGETS) : target + inline(random.nextInt(12));
        }
        return method + " " + target + " HTTP/1." + (random.nextInt(40) == 0 ? "0" : "1");
    }

    private void changeHeader(List<String> lines) {
        int at = 1 + random.nextInt(lines.size() - 1);
        String line = lines.get(at);
        switch (random.nextInt(4)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(line);
            case 2 -> lines.set(at, line + inline(1 + random.nextInt(20)));
            default ->
                lines.set(at, line.substring(0, Math.max(0, line.indexOf(':')) + 1) + inline(random.nextInt(30)));
        }
        if (lines.size() < 2) {
            lines.add("X: y");
        }
    }

    /** Characters that end no line, and separate no parts of one. */
    private String inline(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char c = (char)
                    (random.nextInt(100) == 0 ? random.nextInt(256) : PLAIN.charAt(random.nextInt(PLAIN.length())));
            text.append(c == '\r' || c == '\n' || c == ' ' ? '%' : c);
        }
        return text.toString();
    }

    private String body(String body) {
        StringBuilder text = new StringBuilder(body.isEmpty() ? "{\"a\":1}" : body);
        int at = random.nextInt(text.length());
        switch (random.nextInt(8)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(256));
            case 1 -> text.deleteCharAt(at);
            case 2 -> text.insert(at, pick(VALUES));
            case 3 -> text.setLength(at);
            case 4 -> {
                return pick(VALUES);
            }
            case 5 -> text.append(text);
            default -> replaceValue(text, at);
        }
        return text.toString();
    }

    /** Puts another value where one stands, so that the JSON stays well-formed more often than not. */
    private void replaceValue(StringBuilder text, int from) {
        int colon = text.indexOf(":", from);
        if (colon < 0) {
            colon = text.indexOf(":");
        }
        if (colon < 0) {
            text.append(pick(VALUES));
            return;
        }
        int end = colon + 1;
        while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        text.replace(colon + 1, end, pick(VALUES));
    }

    /** Whether the header says where the request ends. */
    private static boolean isFraming(String line) {
        String name = line.toLowerCase(Locale.ROOT);
        return name.startsWith("content-length") || name.startsWith("transfer-encoding") || name.startsWith("expect");
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
