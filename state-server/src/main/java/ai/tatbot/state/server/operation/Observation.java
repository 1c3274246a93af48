package ai.tatbot.state.server.operation;

import ai.tatbot.state.model.JsonWritable;
import tools.jackson.core.JsonGenerator;

/**
 * What came of watching a document.
 *
 * @param changed whether it is another than the caller knew
 * @param reading the document as it is
 */
public record Observation(boolean changed, StateReading reading) implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeBooleanProperty("changed", changed);
        reading.writeProperties(out);
        out.writeEndObject();
    }
}
