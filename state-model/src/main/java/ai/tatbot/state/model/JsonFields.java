package ai.tatbot.state.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What the generated classes call to read, check and write their fields. Errors name the field. */
final class JsonFields {
    private JsonFields() {}

    // ---- reading

    static void startObject(JsonParser in) {
        JsonToken token = in.currentToken() == null ? in.nextToken() : in.currentToken();
        if (token != JsonToken.START_OBJECT) {
            throw new InvalidValueException("expected a JSON object, found " + found(in));
        }
    }

    /** Moves to the next field that is not null and returns its name, or returns null at the end of the object. */
    static @Nullable String nextField(JsonParser in) {
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            if (in.nextToken() != JsonToken.VALUE_NULL) {
                return name;
            }
        }
        return null;
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

    static <E> E readEnum(JsonParser in, String field, Function<String, E> fromValue, List<E> allowed) {
        String text = readString(in, field);
        try {
            return fromValue.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(field + " must be one of " + allowed + ", was " + Shown.text(text), e);
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
        return readOpenObject(in);
    }

    private static Map<String, @Nullable Object> readOpenObject(JsonParser in) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            values.put(name, readAny(in));
        }
        return values;
    }

    private static @Nullable Object readAny(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> readOpenObject(in);
            case START_ARRAY -> {
                List<@Nullable Object> values = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    values.add(readAny(in));
                }
                yield values;
            }
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
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

    // ---- checking: what a constructor lets in

    static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidValueException(field + " is required");
        }
        return value;
    }

    static void range(String field, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            String allowed = maximum == Double.POSITIVE_INFINITY
                    ? "at least " + number(minimum)
                    : minimum == Double.NEGATIVE_INFINITY
                            ? "at most " + number(maximum)
                            : "from " + number(minimum) + " to " + number(maximum);
            throw new InvalidValueException(field + " must be " + allowed + ", was " + number(value));
        }
    }

    static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidValueException(field + " must be a finite number, was " + value);
        }
    }

    static void length(String field, String value, int minimum, int maximum) {
        if (value.length() > maximum || value.length() < minimum) {
            int length = value.codePointCount(0, value.length());
            if (length > maximum || length < minimum) {
                throw new InvalidValueException(
                        field + " must have " + (length > maximum ? "at most " + maximum : "at least " + minimum)
                                + " characters, has " + length);
            }
        }
    }

    static void matches(String field, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw new InvalidValueException(field + " must match " + pattern + ", was " + Shown.text(value));
        }
    }

    static List<Double> doubles(String field, List<Double> values, int minimum, int maximum) {
        items(field, values, minimum, maximum);
        List<Double> copy = List.copyOf(values);
        for (double value : copy) {
            finite(field, value);
        }
        return copy;
    }

    static List<String> strings(String field, List<String> values, int minimum, int maximum) {
        items(field, values, minimum, maximum);
        return List.copyOf(values);
    }

    private static void items(String field, List<?> values, int minimum, int maximum) {
        if (values.size() < minimum || values.size() > maximum) {
            throw new InvalidValueException(
                    field + " must have " + (values.size() < minimum ? "at least " + minimum : "at most " + maximum)
                            + " items, has " + values.size());
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null) {
                throw new InvalidValueException(field + " must not contain null, does at " + i);
            }
        }
    }

    static Instant micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    static Map<String, @Nullable Object> frozen(String field, Map<String, ?> values) {
        return freezeMap(field, values, 0);
    }

    private static Map<String, @Nullable Object> freezeMap(String field, Map<?, ?> values, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(String.valueOf(name), freeze(field, value, depth + 1)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object freeze(String field, @Nullable Object value, int depth) {
        if (depth > 32) {
            throw new InvalidValueException(field + " must not be nested deeper than 32");
        }
        if (value instanceof Map<?, ?> map) {
            return freezeMap(field, map, depth);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(item -> copy.add(freeze(field, item, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Double number) {
            finite(field, number);
        }
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        throw new InvalidValueException(
                field + " must hold JSON values only (maps, lists, strings, numbers, booleans, null), has a "
                        + value.getClass().getName());
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    // ---- writing

    static void write(JsonGenerator out, String field, List<?> values) {
        out.writeName(field);
        out.writeStartArray();
        for (Object value : values) {
            writeAny(out, value);
        }
        out.writeEndArray();
    }

    static void write(JsonGenerator out, String field, Map<String, ?> values) {
        out.writeName(field);
        writeAny(out, values);
    }

    private static void writeAny(JsonGenerator out, @Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Double number) {
            out.writeNumber(number.doubleValue());
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof Integer number) {
            out.writeNumber(number.intValue());
        } else if (value instanceof Long number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Number number) {
            out.writeNumber(new java.math.BigDecimal(number.toString()));
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            list.forEach(item -> writeAny(out, item));
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, item) -> {
                out.writeName(String.valueOf(name));
                writeAny(out, item);
            });
            out.writeEndObject();
        } else {
            throw new IllegalStateException(
                    "not a JSON value: " + value.getClass().getName());
        }
    }
}
