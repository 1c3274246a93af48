package ai.tatbot.state.server.live;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Parts that several answers have in common. */
public final class Json {
    private Json() {}

    /** A time, or null. */
    public static void time(JsonGenerator out, String name, @Nullable Instant time) {
        out.writeStringProperty(name, time == null ? null : WireTime.format(time));
    }

    /** A number, or null. */
    public static void number(JsonGenerator out, String name, @Nullable Long value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    /** A document with where it is, its revision and its age; or null. */
    public static void document(
            JsonGenerator out, String name, @Nullable Versioned<? extends Document> document, Instant now) {
        if (document == null) {
            out.writeNullProperty(name);
            return;
        }
        out.writeObjectPropertyStart(name);
        out.writeStringProperty("key", document.key().name());
        number(out, "revision", document.rev());
        time(out, "updated_at", document.lastUpdated());
        out.writeNumberProperty("age_ms", document.age(now).toMillis());
        out.writeName("value");
        document.value().writeTo(out);
        out.writeEndObject();
    }

    /** The condition of the watch on Redis: properties of an object that has been begun. */
    public static void link(JsonGenerator out, WatchStatus link, Instant now) {
        out.writeStringProperty("condition", link.condition().name().toLowerCase(Locale.ROOT));
        time(out, "since", link.since());
        time(out, "as_of", link.asOf());
        number(
                out,
                "stale_ms",
                link.asOf() == null
                        ? null
                        : Math.max(0, Duration.between(link.asOf(), now).toMillis()));
        out.writeNumberProperty("attempt", link.attempt());
        out.writeStringProperty("reason", link.reason());
    }
}
