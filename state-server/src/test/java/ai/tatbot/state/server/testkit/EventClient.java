package ai.tatbot.state.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows an event stream as a program would; keeps all that it is told. */
public final class EventClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final HttpResponse<Stream<String>> response;
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile boolean over;

    private EventClient(HttpResponse<Stream<String>> response) {
        this.response = response;
        this.reader = new Thread(this::read, "event-client");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Connects.
     *
     * @param url of the server
     * @param query such as {@code kind=robot_state}; empty for everything
     * @param lastEventId where to resume; null for a new client
     */
    public static EventClient connect(String url, String query, @Nullable String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1/events?" + query))
                .timeout(Duration.ofSeconds(10));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new EventClient(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        String event = "";
        String id = null;
        try {
            for (String line : (Iterable<String>) response.body()::iterator) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    told.add(new Told(event, id, JSON.readTree(line.substring(6))));
                    id = null;
                }
            }
        } catch (UncheckedIOException e) {
            // The server has cut it off, or the test has.
        } finally {
            over = true;
        }
    }

    /** The answer's status. */
    public int status() {
        return response.statusCode();
    }

    /** Everything so far. */
    public List<Told> told() {
        return told;
    }

    /** Everything of one sort so far. */
    public List<Told> told(String event) {
        return told.stream().filter(one -> one.event.equals(event)).toList();
    }

    /** Comments so far. */
    public List<String> comments() {
        return comments;
    }

    /** The id that was told last. */
    public String lastId() {
        return told.stream()
                .filter(one -> one.id != null)
                .reduce((one, later) -> later)
                .map(one -> String.valueOf(one.id))
                .orElseThrow();
    }

    /** Whether the stream has ended. */
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        response.body().close();
        reader.interrupt();
    }

    /** One event. */
    public record Told(String event, @Nullable String id, JsonNode data) {
        /** A field of its data, as text. */
        public String text(String field) {
            return data.path(field).asString();
        }
    }
}
