package ai.tatbot.state.model;

/**
 * A generated class, which can write itself without a {@code JsonGenerator}: the same JSON, several times as fast. Only {@link
 * StateJson} has what that takes.
 */
public interface Encodable extends JsonWritable {
    /** Writes this value as one JSON object. */
    void encode(JsonEncoder out);
}
