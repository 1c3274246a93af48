package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.testkit.RawHttp;

/** A request, as text, with a right Host header unless another is given. */
final class RequestText {
    private final int port;
    private final String line;
    private final StringBuilder headers = new StringBuilder();
    private String host;
    private String body = "";

    RequestText(int port, String line) {
        this.port = port;
        this.line = line;
        this.host = "127.0.0.1:" + port;
    }

    RequestText host(String other) {
        host = other;
        return this;
    }

    RequestText header(String name, String value) {
        headers.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    RequestText bearer(String token) {
        return header("Authorization", "Bearer " + token);
    }

    RequestText json(String text) {
        body = text;
        return header("Content-Type", "application/json").header("Content-Length", Integer.toString(text.length()));
    }

    String text() {
        return line + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n" + body;
    }

    /** Sends it over a connection of its own. */
    RawHttp.Answer send() {
        return RawHttp.exchange(port, text());
    }
}
