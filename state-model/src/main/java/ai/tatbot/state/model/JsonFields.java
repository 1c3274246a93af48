package ai.tatbot.state.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What the generated classes call to read and write their fields. Errors name the field. */
final class JsonFields {
    private JsonFields() {}

    static void startObject(JsonParser in) {
        JsonToken token = in.currentToken() == null ? in.nextToken() : in.currentToken();
        if (token != JsonToken.START_OBJECT) {
            throw new InvalidValueException("expected a JSON object, found " + found(in));
        }
    }

    /** Moves to the next field and returns its name, or returns null at the end of the object. */
    static @Nullable String nextField(JsonParser in) {
        if (in.nextToken() == JsonToken.END_OBJECT) {
            return null;
        }
        String name = in.currentName();
        in.nextToken();
        return name;
    }

    /** Whether a field that may be null is. */
    static boolean isNull(JsonParser in) {
        return in.currentToken() == JsonToken.VALUE_NULL;
    }

    static boolean readBoolean(JsonParser in, String field) {
        return switch (in.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrongType(in, field, "true or false");
        };
    }

    static long readLong(JsonParser in, String field) {
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return in.getLongValue();
        }
        // JSON Schema counts 5.0 as an integer, and some writers emit it.
        if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = in.getDoubleValue();
            if (value == Math.rint(value) && Math.abs(value) <= 9007199254740991d) {
                return (long) value;
            }
        }
        throw wrongType(in, field, "an integer");
    }

    static int readInt(JsonParser in, String field) {
        long value = readLong(in, field);
        if (value != (int) value) {
            throw new InvalidValueException(field + " must be a 32-bit integer, was " + value);
        }
        return (int) value;
    }

    static double readDouble(JsonParser in, String field) {
        if (!in.currentToken().isNumeric()) {
            throw wrongType(in, field, "a number");
        }
        return in.getDoubleValue();
    }

    static String readString(JsonParser in, String field) {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(in, field, "a string");
        }
        return in.getString();
    }

    static Instant readTime(JsonParser in, String field) {
        String text = readString(in, field);
        try {
            return WireTime.parse(text);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(field + ": " + e.getMessage(), e);
        }
    }

    /** Reads a field that always has the same value. */
    static String readConstant(JsonParser in, String field, String expected) {
        String text = readString(in, field);
        if (!text.equals(expected)) {
            throw new InvalidValueException(field + " must be " + Shown.text(expected) + ", was " + Shown.text(text));
        }
        return text;
    }

    static <E> E readEnum(JsonParser in, String field, Function<String, E> fromValue, List<E> allowed) {
        String text = readString(in, field);
        try {
            return fromValue.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(field + " must be one of " + allowed + ", was " + Shown.text(text));
        }
    }

    static List<Double> readDoubles(JsonParser in, String field) {
        startArray(in, field);
        List<Double> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            values.add(readDouble(in, field));
        }
        return values;
    }

    static List<String> readStrings(JsonParser in, String field) {
        startArray(in, field);
        List<String> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            values.add(readString(in, field));
        }
        return values;
    }

    static Map<String, @Nullable Object> readMap(JsonParser in, String field) {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw wrongType(in, field, "an object");
        }
        return OpenValues.readObject(in);
    }

    private static void startArray(JsonParser in, String field) {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw wrongType(in, field, "an array");
        }
    }

    private static InvalidValueException wrongType(JsonParser in, String field, String expected) {
        return new InvalidValueException(field + " must be " + expected + ", was " + found(in));
    }

    private static String found(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> Shown.text(in.getString());
            case VALUE_NULL -> "null";
            default -> {
                String text = in.getString();
                yield text.length() > 40 ? text.substring(0, 40) + "..." : text;
            }
        };
    }

    static void write(JsonGenerator out, String field, List<?> values) {
        out.writeName(field);
        out.writeStartArray();
        for (Object value : values) {
            OpenValues.write(out, value);
        }
        out.writeEndArray();
    }

    static void write(JsonGenerator out, String field, Map<String, ?> values) {
        out.writeName(field);
        OpenValues.write(out, values);
    }
}
