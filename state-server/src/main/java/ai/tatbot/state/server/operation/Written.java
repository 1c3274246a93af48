package ai.tatbot.state.server.operation;

import ai.tatbot.state.model.JsonWritable;
import tools.jackson.core.JsonGenerator;

/** A document that was stored: its key and its new revision. */
public record Written(String key, long revision) implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("key", key);
        out.writeNumberProperty("revision", revision);
        out.writeEndObject();
    }
}
