package ai.tatbot.state.server.operation;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.live.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What is stored under a key.
 *
 * @param key its name; of an alias, the name of what it stands for, or the alias itself if that is nothing at present
 * @param type name of its kind, such as {@code robot_state}
 * @param value the document, entries or members; null if there is no such key
 * @param revision its revision; null if it has none
 * @param updatedAt when it was written, by the writer's clock; null if that is not known
 * @param timeToLive until it expires; null if it does not, or that is not known
 * @param stale whether this is what the server knew last, because Redis is away
 * @param at when it was read
 */
public record StateReading(
        String key,
        String type,
        @Nullable JsonWritable value,
        @Nullable Long revision,
        @Nullable Instant updatedAt,
        @Nullable Duration timeToLive,
        boolean stale,
        Instant at)
        implements JsonWritable {

    /** Whether there is such a key. */
    public boolean found() {
        return value != null;
    }

    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        writeProperties(out);
        out.writeEndObject();
    }

    void writeProperties(JsonGenerator out) {
        out.writeStringProperty("key", key);
        out.writeBooleanProperty("found", found());
        out.writeName("value");
        if (value == null) {
            out.writeNull();
        } else {
            value.writeTo(out);
        }
        out.writeStringProperty("type", type);
        Json.number(out, "revision", revision);
        Json.time(out, "updated_at", updatedAt);
        Json.number(
                out,
                "age_ms",
                updatedAt == null
                        ? null
                        : Math.max(0, Duration.between(updatedAt, at).toMillis()));
        Json.number(out, "ttl_ms", timeToLive == null ? null : timeToLive.toMillis());
        out.writeBooleanProperty("stale", stale);
    }
}
