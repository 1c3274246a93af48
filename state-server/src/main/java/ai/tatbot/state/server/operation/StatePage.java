package ai.tatbot.state.server.operation;

import ai.tatbot.state.model.JsonWritable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Some of the documents, in the order of their keys.
 *
 * @param items the documents
 * @param nextCursor where the next page begins; null if this is the last
 */
public record StatePage(List<StateReading> items, @Nullable String nextCursor) implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeArrayPropertyStart("items");
        items.forEach(item -> item.writeTo(out));
        out.writeEndArray();
        out.writeStringProperty("next_cursor", nextCursor);
        out.writeEndObject();
    }
}
