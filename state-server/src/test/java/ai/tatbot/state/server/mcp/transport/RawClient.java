package ai.tatbot.state.server.mcp.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that sends what it is told to, right or wrong. One session, once {@link #initialize} has begun it. */
public final class RawClient {
    /** What a client of today sends. */
    public static final String BOTH = "application/json, text/event-stream";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final @Nullable String who;
    private @Nullable String session;
    private int lastId;

    /** @param who as {@link MountedServlet#WHO} wants it; null for someone who may read */
    public RawClient(URI uri, @Nullable String who) {
        this.uri = uri;
        this.who = who;
    }

    public RawClient(URI uri) {
        this(uri, null);
    }

    /** Begins a session. */
    public RawClient initialize() {
        return initialize("2025-11-25");
    }

    /** Begins a session of this protocol version. */
    public RawClient initialize(String version) {
        HttpResponse<String> response = post(initialization(version));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        session = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
        post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return this;
    }

    /** A request that begins a session. */
    public static String initialization(String version) {
        return """
                {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s","capabilities":{},\
                "clientInfo":{"name":"test","version":"1"}}}""".formatted(version);
    }

    public String session() {
        return session == null ? "none" : session;
    }

    /** Another client of the same session. */
    public RawClient sharing(@Nullable String as) {
        RawClient other = new RawClient(uri, as);
        other.session = session;
        return other;
    }

    /** A request with the usual headers of this session, and these: name, value, name, value; a value of "" leaves one out. */
    public HttpRequest.Builder request(String... headers) {
        List<String> all = new ArrayList<>(List.of("Accept", BOTH, "Content-Type", "application/json"));
        if (session != null) {
            all.addAll(List.of("Mcp-Session-Id", session));
        }
        if (who != null) {
            all.addAll(List.of(MountedServlet.WHO, who));
        }
        for (int i = 0; i < headers.length; i += 2) {
            for (int at = 0; at < all.size(); at += 2) {
                if (all.get(at).equalsIgnoreCase(headers[i])) {
                    all.subList(at, at + 2).clear();
                    at -= 2;
                }
            }
            if (!headers[i + 1].isEmpty()) {
                all.addAll(List.of(headers[i], headers[i + 1]));
            }
        }
        return HttpRequest.newBuilder(uri).timeout(LIMIT).headers(all.toArray(String[]::new));
    }

    public HttpResponse<String> post(String body, String... headers) {
        return send(request(headers).POST(BodyPublishers.ofString(body)).build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a stream of events; its lines as they come. */
    public HttpResponse<Stream<String>> listen(String... headers) {
        return lines(request(headers).GET().build());
    }

    /** Posts this; the lines of the answer as they come. Returns when the answer has begun. */
    public HttpResponse<Stream<String>> stream(String body) {
        return lines(request().POST(BodyPublishers.ofString(body)).build());
    }

    private HttpResponse<Stream<String>> lines(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The response to a request, whether it comes as JSON or in a stream. */
    public JsonNode call(String method, String params) {
        String body =
                "{\"jsonrpc\":\"2.0\",\"id\":" + ++lastId + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
        return json(post(body));
    }

    /** The result of a tool. */
    public JsonNode tool(String name, String arguments) {
        JsonNode response = call("tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
        if (!response.has("result")) {
            throw new AssertionError(response.toString());
        }
        return response.get("result");
    }

    /** The response in a body. */
    public static JsonNode json(HttpResponse<String> response) {
        String body = response.body();
        boolean events =
                response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        return JSON.readTree(events ? body.substring(body.lastIndexOf("\ndata: ") + "\ndata: ".length()) : body);
    }

    public static JsonNode json(String text) {
        return JSON.readTree(text);
    }
}
