package ai.tatbot.state.server.show;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The fleet's status as JSON; the same for the command and for HTTP. */
public final class StatusJson {
    private StatusJson() {}

    /** One object. */
    public static String of(SystemStatus status) {
        return JsonText.object(out -> {
            out.writeStringProperty("at", WireTime.format(status.at()));
            out.writeObjectPropertyStart("redis");
            out.writeStringProperty("kind", status.redis().kind());
            out.writeStringProperty("version", status.redis().version());
            out.writeEndObject();
            out.writeNumberProperty("nodes_online", status.nodesOnline());
            out.writeArrayPropertyStart("nodes");
            status.nodes().forEach(node -> node(out, node, status.at()));
            out.writeEndArray();
            document(out, "current_session", status.currentSession().orElse(null), status.at());
            out.writeArrayPropertyStart("active_sessions");
            status.activeSessions()
                    .forEach(session -> out.writeString(session.key().id()));
            out.writeEndArray();
            out.writeArrayPropertyStart("problems");
            status.problems().forEach(problem -> {
                out.writeStartObject();
                out.writeStringProperty("key", problem.source());
                out.writeStringProperty("message", problem.message());
                out.writeEndObject();
            });
            out.writeEndArray();
        });
    }

    private static void node(JsonGenerator out, SystemStatus.Node node, Instant now) {
        out.writeStartObject();
        out.writeStringProperty("id", node.id());
        out.writeBooleanProperty("online", node.online());
        out.writeStringProperty("condition", node.condition().name().toLowerCase(Locale.ROOT));
        Instant since = node.since();
        out.writeStringProperty("since", since == null ? null : WireTime.format(since));
        document(out, "health", node.health(), now);
        document(out, "robot", node.robot(), now);
        out.writeEndObject();
    }

    private static void document(
            JsonGenerator out, String name, @Nullable Versioned<? extends Document> document, Instant now) {
        if (document == null) {
            out.writeNullProperty(name);
            return;
        }
        out.writeObjectPropertyStart(name);
        out.writeStringProperty("key", document.key().name());
        JsonText.write(out, "rev", document.rev());
        out.writeStringProperty("last_updated", WireTime.format(document.lastUpdated()));
        out.writeNumberProperty("age_ms", document.age(now).toMillis());
        out.writeName("value");
        document.value().writeTo(out);
        out.writeEndObject();
    }
}
