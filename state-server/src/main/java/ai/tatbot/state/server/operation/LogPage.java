package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.model.JsonWritable;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The last transitions of {@code events:log}, oldest first. */
public record LogPage(List<KeyContents.Entry> entries) implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeArrayPropertyStart("entries");
        for (KeyContents.Entry entry : entries) {
            out.writeStartObject();
            out.writeStringProperty("id", entry.id());
            out.writeStringProperty("channel", entry.fields().getOrDefault("channel", ""));
            out.writeName("event");
            StoredValue.event(out, entry.fields().getOrDefault("event", "null"));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
