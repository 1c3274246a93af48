package ai.tatbot.state.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a generated constructor lets in: each field by its schema, lists and maps copied. Errors name the field. */
final class FieldChecks {
    private FieldChecks() {}

    static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidValueException(field + " is required");
        }
        return value;
    }

    static void range(String field, long value, long minimum, long maximum) {
        if (value < minimum || value > maximum) {
            throw outside(
                    field,
                    minimum == Long.MIN_VALUE ? null : Long.toString(minimum),
                    maximum == Long.MAX_VALUE ? null : Long.toString(maximum),
                    Long.toString(value));
        }
    }

    static void range(String field, double value, double minimum, double maximum) {
        finite(field, value);
        if (value < minimum || value > maximum) {
            throw outside(
                    field,
                    minimum == Double.NEGATIVE_INFINITY ? null : number(minimum),
                    maximum == Double.POSITIVE_INFINITY ? null : number(maximum),
                    number(value));
        }
    }

    private static InvalidValueException outside(
            String field, @Nullable String minimum, @Nullable String maximum, String value) {
        String allowed = maximum == null
                ? "at least " + minimum
                : minimum == null ? "at most " + maximum : "from " + minimum + " to " + maximum;
        return new InvalidValueException(field + " must be " + allowed + ", was " + value);
    }

    static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidValueException(field + " must be a finite number, was " + value);
        }
    }

    /** Checks that a text can be written, and its length in code points. */
    static void text(String field, String value, int minimum, int maximum) {
        wellFormed(field, value);
        if (value.length() > maximum || value.length() < minimum * 2L) {
            int length = value.codePointCount(0, value.length());
            if (length > maximum || length < minimum) {
                throw new InvalidValueException(
                        field + " must have " + (length > maximum ? "at most " + maximum : "at least " + minimum)
                                + " characters, has " + length);
            }
        }
    }

    /** Half of a surrogate pair is no character: UTF-8 cannot carry it. */
    static void wellFormed(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(value.codePointAt(i))) {
                    throw new InvalidValueException(
                            field + " must be well-formed text, has half a surrogate pair at " + i);
                }
                i++;
            }
        }
    }

    static void matches(String field, String value, CheckedPattern pattern) {
        if (pattern.hasMatched(value)) {
            return;
        }
        wellFormed(field, value);
        if (!pattern.matches(value)) {
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
        List<String> copy = List.copyOf(values);
        copy.forEach(value -> wellFormed(field, value));
        return copy;
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

    static Instant micros(String field, Instant time) {
        try {
            return WireTime.micros(time);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(field + ": " + e.getMessage(), e);
        }
    }

    static Map<String, @Nullable Object> frozen(String field, Map<String, ?> values) {
        return OpenValues.freeze(field, values);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
