package ai.tatbot.state.server.mcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Arguments of a call that have been checked against the tool's schema. Those that were left out have its defaults. */
final class Arguments {
    private final JsonNode schema;
    private final JsonNode given;

    Arguments(JsonNode schema, JsonNode given) {
        this.schema = schema;
        this.given = given;
    }

    private @Nullable JsonNode find(String name) {
        JsonNode value = given.get(name);
        return value == null ? schema.path("properties").path(name).get("default") : value;
    }

    private JsonNode require(String name) {
        JsonNode value = find(name);
        if (value == null) {
            throw new IllegalStateException(name + " has neither a value nor a default");
        }
        return value;
    }

    String text(String name) {
        return require(name).stringValue();
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = find(name);
        return value == null ? null : value.stringValue();
    }

    int integer(String name) {
        return require(name).intValue();
    }

    @Nullable
    Long longOrNull(String name) {
        JsonNode value = find(name);
        return value == null ? null : value.longValue();
    }

    boolean flag(String name) {
        return require(name).booleanValue();
    }

    Duration millis(String name) {
        return Duration.ofMillis(require(name).longValue());
    }

    @Nullable
    Duration secondsOrNull(String name) {
        JsonNode value = find(name);
        return value == null ? null : Duration.ofSeconds(value.longValue());
    }

    /** An object, as UTF-8. */
    byte[] json(String name) {
        return require(name).toString().getBytes(StandardCharsets.UTF_8);
    }
}
