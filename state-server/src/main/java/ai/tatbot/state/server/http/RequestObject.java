package ai.tatbot.state.server.http;

import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.show.JsonText;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The JSON object of a request, its fields as they came. */
final class RequestObject {
    private final Map<String, byte[]> fields = new HashMap<>();

    private RequestObject() {}

    /**
     * Reads it. A field that is null counts as absent.
     *
     * @param names fields that it may have
     * @throws OperationException INVALID_ARGUMENT if it is no such object
     */
    static RequestObject read(byte[] json, String... names) {
        RequestObject object = new RequestObject();
        List<String> allowed = List.of(names);
        try (JsonParser in = JsonText.parse(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("the body must be a JSON object");
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                if (!allowed.contains(name)) {
                    throw invalid("field " + Shown.text(name) + " is none; allowed are " + String.join(", ", allowed));
                }
                boolean absent = in.nextToken() == JsonToken.VALUE_NULL;
                byte[] value = copy(in);
                if (!absent && object.fields.put(name, value) != null) {
                    throw invalid("field " + name + " occurs twice");
                }
            }
            if (in.nextToken() != null) {
                throw invalid("there is more behind the JSON object");
            }
        } catch (JacksonException e) {
            throw new OperationException(Code.INVALID_ARGUMENT, "the body is not JSON", e);
        }
        return object;
    }

    private static byte[] copy(JsonParser in) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonText.generate(bytes)) {
            out.copyCurrentStructureExact(in);
        }
        return bytes.toByteArray();
    }

    /** A field as JSON; null if it is absent. */
    byte @Nullable [] value(String name) {
        return fields.get(name);
    }

    byte[] require(String name) {
        byte[] value = fields.get(name);
        if (value == null) {
            throw invalid("field " + name + " is missing");
        }
        return value;
    }

    String text(String name) {
        try (JsonParser in = JsonText.parse(require(name))) {
            if (in.nextToken() != JsonToken.VALUE_STRING) {
                throw invalid("field " + name + " must be text");
            }
            return in.getString();
        }
    }

    @Nullable
    Long number(String name) {
        byte[] value = fields.get(name);
        if (value == null) {
            return null;
        }
        try (JsonParser in = JsonText.parse(value)) {
            if (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                return in.getLongValue();
            }
        } catch (JacksonException e) {
            // Told below: it is larger than any number that is meant here.
        }
        throw invalid("field " + name + " must be a whole number");
    }

    private static OperationException invalid(String message) {
        return new OperationException(Code.INVALID_ARGUMENT, message);
    }
}
