package ai.tatbot.state.server.operation;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.live.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An event that was published.
 *
 * @param eventId its id in {@code events:log}; null for a position
 * @param channel where
 * @param receivers how many clients of Redis it was sent to
 * @param publishedAt when, by this server's clock
 */
public record Published(@Nullable String eventId, String channel, long receivers, Instant publishedAt)
        implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("event_id", eventId);
        out.writeStringProperty("channel", channel);
        out.writeNumberProperty("receivers", receivers);
        Json.time(out, "published_at", publishedAt);
        out.writeEndObject();
    }
}
