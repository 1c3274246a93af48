package ai.tatbot.state.server.testkit;

/** A request, as text, with a right Host header unless another is given. */
public final class RequestText {
    private final int port;
    private final String line;
    private final StringBuilder headers = new StringBuilder();
    private String host;
    private String body = "";

    public RequestText(int port, String line) {
        this.port = port;
        this.line = line;
        this.host = "127.0.0.1:" + port;
    }

    public RequestText host(String other) {
        host = other;
        return this;
    }

    public RequestText header(String name, String value) {
        headers.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    public RequestText bearer(String token) {
        return header("Authorization", "Bearer " + token);
    }

    public RequestText json(String text) {
        body = text;
        return header("Content-Type", "application/json").header("Content-Length", Integer.toString(text.length()));
    }

    /** The whole request. */
    public String text() {
        return line + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n" + body;
    }

    /** Sends it over a connection of its own. */
    public RawHttp.Answer send() {
        return RawHttp.exchange(port, text());
    }
}
