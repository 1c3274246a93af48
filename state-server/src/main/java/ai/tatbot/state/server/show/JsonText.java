package ai.tatbot.state.server.show;

import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonWritable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** JSON for programs to read: one object on one line, in ASCII, so that nothing in it can steer a terminal. */
public final class JsonText {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final JsonFactory PLAIN = JsonFactory.builder().build();

    private JsonText() {}

    /** One object with these properties. */
    public static String object(Consumer<JsonGenerator> properties) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            properties.accept(out);
            out.writeEndObject();
        }
        // The only control character that JSON allows as it is; it can occur inside strings only.
        return text.toString().replace("\u007f", "\\u007f");
    }

    /**
     * Copies one JSON value: the same fields in the same order, numbers to the last digit, on one line.
     *
     * @throws InvalidValueException if it is not JSON
     */
    public static void copy(JsonGenerator out, byte[] json) {
        try (JsonParser in = parse(json)) {
            in.nextToken();
            out.copyCurrentStructureExact(in);
        } catch (JacksonException e) {
            throw new InvalidValueException("not JSON", e);
        }
    }

    /** Whether this is one JSON value, and nothing else. */
    public static boolean isValue(byte[] json) {
        try (JsonParser in = parse(json)) {
            if (in.nextToken() == null) {
                return false;
            }
            in.skipChildren();
            return in.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** A value that writes itself, as UTF-8. */
    public static byte[] bytes(JsonWritable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = generate(bytes)) {
            value.writeTo(out);
        }
        return bytes.toByteArray();
    }

    /** A number, or null. */
    public static void write(JsonGenerator out, String name, @Nullable Long value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    /** The value on which a parser stands, as text for people: a string without its quotes, anything else as JSON. */
    public static String value(JsonParser in) {
        if (in.currentToken() == JsonToken.VALUE_STRING) {
            return in.getString();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.copyCurrentStructureExact(in);
        }
        return text.toString();
    }

    /** Writes UTF-8 into a stream. */
    public static JsonGenerator generate(OutputStream out) {
        return PLAIN.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
    }

    /** A parser before its first token. */
    public static JsonParser parse(byte[] json) {
        return JSON.createParser(ObjectReadContext.empty(), json);
    }
}
