package ai.tatbot.state.model;

import tools.jackson.core.JsonGenerator;

/** A value that writes itself as one JSON object, by its schema. */
public interface JsonWritable {
    /**
     * Writes this value as one JSON object. Absent optional fields are left out, never written as null.
     *
     * @param out where to write; left open
     */
    void writeTo(JsonGenerator out);
}
