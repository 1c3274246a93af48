package ai.tatbot.state.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Values of any shape, as an open object holds them: maps, lists, strings, numbers, booleans, null. */
final class OpenValues {
    private static final int DEEPEST = 32;

    /** Far above any counter or hash, and below what a parser refuses to read. */
    private static final int WIDEST_INTEGER_BITS = 1024;

    private OpenValues() {}

    static Map<String, @Nullable Object> readObject(JsonParser in) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            values.put(name, read(in));
        }
        return values;
    }

    private static @Nullable Object read(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> {
                List<@Nullable Object> values = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    values.add(read(in));
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

    /**
     * A deep, unmodifiable copy. Numbers become what reading them again gives (the narrowest of Integer, Long and
     * BigInteger, or Double), so that a value that was sent equals the one that arrives.
     */
    static Map<String, @Nullable Object> freeze(String field, Map<?, ?> values) {
        return freezeMap(field, values, 1);
    }

    private static Map<String, @Nullable Object> freezeMap(String field, Map<?, ?> values, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!(name instanceof String text)) {
                throw new InvalidValueException(field + " must have strings as names, has a " + className(name));
            }
            FieldChecks.wellFormed(field, text);
            copy.put(text, freezeAny(field, value, depth));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object freezeAny(String field, @Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidValueException(field + " must not be nested deeper than " + DEEPEST);
        }
        if (value instanceof Map<?, ?> map) {
            return freezeMap(field, map, depth + 1);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(item -> copy.add(freezeAny(field, item, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof String text) {
            FieldChecks.wellFormed(field, text);
            return text;
        }
        if (value instanceof Number number) {
            return freezeNumber(field, number);
        }
        if (value == null || value instanceof Boolean) {
            return value;
        }
        throw notJson(field, value);
    }

    private static Number freezeNumber(String field, Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.intValue();
        }
        if (number instanceof Long) {
            return narrowest(number.longValue());
        }
        if (number instanceof BigInteger integer) {
            if (integer.bitLength() > WIDEST_INTEGER_BITS) {
                throw new InvalidValueException(
                        field + " must hold integers of at most " + WIDEST_INTEGER_BITS + " bits");
            }
            return integer.bitLength() < Long.SIZE ? narrowest(integer.longValue()) : integer;
        }
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            FieldChecks.finite(field, number.doubleValue());
            return number.doubleValue();
        }
        throw notJson(field, number);
    }

    private static Number narrowest(long value) {
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    private static InvalidValueException notJson(String field, Object value) {
        return new InvalidValueException(
                field + " must hold JSON values only (maps, lists, strings, numbers, booleans, null), has a "
                        + className(value));
    }

    private static String className(@Nullable Object value) {
        return value == null ? "null" : Shown.text(value.getClass().getName());
    }

    static void write(JsonGenerator out, @Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof Integer number) {
            out.writeNumber(number.intValue());
        } else if (value instanceof Long number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number.doubleValue());
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            list.forEach(item -> write(out, item));
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, item) -> {
                out.writeName((String) name);
                write(out, item);
            });
            out.writeEndObject();
        } else {
            throw new IllegalStateException("not frozen: " + value.getClass().getName());
        }
    }
}
