package ai.tatbot.state.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * From generated objects to UTF-8 JSON and back: bytes to object and object to bytes, with no text in between.
 *
 * <p>Thread-safe.
 */
public final class StateJson {
    /** Refuses what another reader might read otherwise: a name twice in an object, UTF-16, a byte order mark. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .build();

    private static final ThreadLocal<JsonEncoder> ENCODER = ThreadLocal.withInitial(JsonEncoder::new);

    private StateJson() {}

    /** Writes a document or event as UTF-8 JSON. */
    public static byte[] write(JsonWritable value) {
        return value instanceof Encodable generated ? ENCODER.get().encode(generated) : writeByGenerator(value);
    }

    /** The same without the opening brace, for whoever puts something before it. */
    public static byte[] writeTail(JsonWritable value) {
        if (value instanceof Encodable generated) {
            return ENCODER.get().encodeTail(generated);
        }
        byte[] json = writeByGenerator(value);
        return Arrays.copyOfRange(json, 1, json.length);
    }

    /** The same as {@link #write}, by {@link JsonWritable#writeTo}. */
    static byte[] writeByGenerator(JsonWritable value) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
            try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
                value.writeTo(out);
            }
            return bytes.toByteArray();
        }
    }

    /** Writes a document or event as JSON text, for people and logs. */
    public static String text(JsonWritable value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /**
     * Reads a document or event and checks it against its schema. Unknown fields are passed over.
     *
     * @param json UTF-8 JSON, one object
     * @throws InvalidValueException if the bytes are not JSON, or do not fit the schema; the message names the field
     */
    public static <T extends JsonWritable> T read(byte[] json, JsonType<T> type) {
        T value = scan(json, type);
        return value != null ? value : readWithCare(json, type);
    }

    /** What the fast reader makes of it; null if it leaves that to {@link #readWithCare}. */
    static <T extends JsonWritable> @Nullable T scan(byte[] json, JsonType<T> type) {
        try {
            return type.scanner().apply(new JsonScanner(json));
        } catch (JsonScanner.Declined e) {
            return null;
        }
    }

    /** The same for everything, with words for what is wrong. */
    static <T extends JsonWritable> T readWithCare(byte[] json, JsonType<T> type) {
        requireUtf8(json);
        try (JsonParser in = parser(json)) {
            if (in.nextToken() == null) {
                throw new InvalidValueException("expected a JSON object, found nothing");
            }
            T value = type.reader().apply(in);
            if (in.nextToken() != null) {
                throw new InvalidValueException("expected one JSON object, found more behind it");
            }
            return value;
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    /**
     * Value of a top-level text field, without reading or checking the rest.
     *
     * @throws InvalidValueException if the bytes are not a JSON object, or the field is absent or not text
     */
    static String readTextField(byte[] json, String field) {
        String text = JsonScanner.textField(json, ('"' + field + '"').getBytes(StandardCharsets.US_ASCII));
        return text != null ? text : readTextFieldWithCare(json, field);
    }

    private static String readTextFieldWithCare(byte[] json, String field) {
        try (JsonParser in = parser(json)) {
            if (in.nextToken() == null) {
                throw new InvalidValueException("expected a JSON object, found nothing");
            }
            JsonFields.startObject(in);
            for (String name = JsonFields.nextField(in); name != null; name = JsonFields.nextField(in)) {
                if (name.equals(field)) {
                    return JsonFields.readString(in, field);
                }
                in.skipChildren();
            }
            throw new InvalidValueException(field + " is required");
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    private static JsonParser parser(byte[] json) {
        return JSON.createParser(ObjectReadContext.empty(), json);
    }

    /** The parser is lenient here, and passes over unknown fields unseen. */
    private static void requireUtf8(byte[] json) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new InvalidValueException("not JSON: the bytes are not UTF-8", e);
        }
    }

    /** Without the cause, whose message has parts of the text as they came. */
    private static InvalidValueException notJson(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        String where = location == null || location.getByteOffset() < 0 ? "" : " at byte " + location.getByteOffset();
        return new InvalidValueException("not JSON" + where + ": " + Shown.text(e.getOriginalMessage()));
    }
}
