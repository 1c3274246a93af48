package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.FleetStatus;
import ai.tatbot.state.server.live.Item;
import ai.tatbot.state.server.live.Json;
import ai.tatbot.state.server.live.News;
import ai.tatbot.state.server.show.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What goes over an event stream, as bytes. Thread-safe. */
final class Frames {
    /** Tells a client that the connection lives, and nothing else. */
    static final byte[] HEARTBEAT = bytes(": heartbeat\n\n");

    private static final String RETRY = "retry: 500\n\n";

    private final String instance;

    Frames(String instance) {
        this.instance = instance;
    }

    byte[] hello(boolean resumed) {
        byte[] hello = frame("hello", null, out -> {
            out.writeStringProperty("instance", instance);
            out.writeStringProperty("version", FleetStatus.Server.version());
            Json.time(out, "now", Instant.now());
            out.writeBooleanProperty("resumed", resumed);
        });
        return concat(bytes(RETRY), hello);
    }

    byte[] status(WatchStatus link) {
        Instant now = Instant.now();
        return frame("status", null, out -> {
            Json.link(out, link, now);
            Json.time(out, "now", now);
        });
    }

    /** The snapshot is complete, and the client stands here: it may not have been told anything that has an id. */
    byte[] ready(int documents, Cursor cursor) {
        return frame("ready", id(cursor), out -> out.writeNumberProperty("keys", documents));
    }

    byte[] lost(long count, boolean exact, String reason) {
        return frame("lost", null, out -> {
            out.writeNumberProperty("count", count);
            out.writeBooleanProperty("exact", exact);
            out.writeStringProperty("reason", reason);
        });
    }

    /** @param reason {@code shutdown}, or {@code not_allowed} if the client's token is no longer good */
    byte[] goodbye(String reason) {
        return frame("goodbye", null, out -> out.writeStringProperty("reason", reason));
    }

    private String id(Cursor cursor) {
        return instance + "." + cursor.text();
    }

    /** A transition that is read from the log for one client. */
    byte[] caughtUp(String channel, Consumer<JsonGenerator> event) {
        return frame("transition", null, out -> {
            out.writeStringProperty("channel", channel);
            out.writeBooleanProperty("caught_up", true);
            out.writeName("event");
            event.accept(out);
        });
    }

    /** An item as everyone is told it. */
    byte[] of(Item item) {
        return item.encoded(this::encode);
    }

    private byte[] encode(Item item) {
        News news = item.news();
        String id = id(item.cursor());
        if (news instanceof News.OfDocument document) {
            return change(id, document.change(), text(document.change().cause()));
        }
        if (news instanceof News.OfNode node) {
            return node(id, node);
        }
        if (news instanceof News.OfTransition told) {
            return transition(id, told.transition());
        }
        if (news instanceof News.OfLoss loss) {
            LostTransitions lost = loss.lost();
            return lost(lost.count(), lost.exact(), lost.reason());
        }
        if (news instanceof News.OfProblem problem) {
            return problem(id, problem);
        }
        throw new IllegalStateException("news of no known kind: " + news);
    }

    /** An item as a part of a snapshot. */
    byte[] snapshot(Item item) {
        return item.news() instanceof News.OfDocument document
                ? change(id(item.cursor()), document.change(), "snapshot")
                : of(item);
    }

    private static byte[] change(String id, StateChange<? extends Document> change, String cause) {
        Versioned<? extends Document> value = change.value();
        return frame("change", id, out -> {
            out.writeStringProperty("key", change.key().name());
            out.writeStringProperty("kind", change.key().kind().name());
            out.writeStringProperty("cause", cause);
            Json.number(out, "revision", value == null ? null : value.rev());
            Json.time(out, "updated_at", value == null ? null : value.lastUpdated());
            out.writeName("value");
            if (value == null) {
                out.writeNull();
            } else {
                value.value().writeTo(out);
            }
        });
    }

    private static byte[] node(String id, News.OfNode node) {
        return frame("node", id, out -> {
            out.writeStringProperty("node_id", node.nodeId());
            out.writeStringProperty("condition", node.condition() == null ? "gone" : text(node.condition()));
            Json.time(out, "since", node.since());
        });
    }

    private static byte[] transition(String id, StateTransition transition) {
        return frame("transition", id, out -> {
            out.writeStringProperty("channel", transition.channel().name());
            out.writeBooleanProperty("caught_up", transition.caughtUp());
            out.writeName("event");
            transition.event().writeTo(out);
        });
    }

    private static byte[] problem(String id, News.OfProblem news) {
        Problem problem = news.problem();
        return frame("problem", id, out -> {
            out.writeStringProperty("kind", text(problem.kind()));
            out.writeStringProperty("source", problem.source());
            out.writeStringProperty("message", problem.message());
            Json.time(out, "at", news.at());
        });
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** JSON has no line feeds but escaped ones, so one line of data is enough. */
    private static byte[] frame(String event, @Nullable String id, Consumer<JsonGenerator> properties) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        bytes.writeBytes(bytes("event: " + event + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: "));
        try (JsonGenerator out = JsonText.generate(bytes)) {
            out.writeStartObject();
            properties.accept(out);
            out.writeEndObject();
        }
        bytes.writeBytes(bytes("\n\n"));
        return bytes.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
