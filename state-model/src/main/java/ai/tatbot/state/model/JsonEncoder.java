package ai.tatbot.state.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object as UTF-8 JSON into a buffer that is used again. For the generated classes, whose constructors have checked the
 * values: every text is well-formed, every number finite. Not thread-safe.
 *
 * <p>Names come with the comma before them; that of the first becomes the opening brace.
 */
final class JsonEncoder {
    /** One large event must not occupy its thread's memory for good. */
    private static final int MOST_KEPT = 64 * 1024;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** Up to here a double, and its product with a million, is exact to the last digit. */
    private static final double EXACT = 1e9;

    private byte[] bytes = new byte[1024];
    private int length;

    byte[] encode(Encodable value) {
        return encode(value, 0);
    }

    /** Without the opening brace. */
    byte[] encodeTail(Encodable value) {
        return encode(value, 1);
    }

    private byte[] encode(Encodable value, int from) {
        length = 0;
        value.encode(this);
        byte[] json = Arrays.copyOfRange(bytes, from, length);
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[1024];
        }
        return json;
    }

    /** Ends the object. */
    void end() {
        if (length == 0) {
            append('{');
        } else {
            bytes[0] = '{';
        }
        append('}');
    }

    /** Text that needs nothing done to it, such as a name with its constant value. */
    void raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    void value(byte[] name, boolean value) {
        raw(name);
        raw(value ? TRUE : FALSE);
    }

    void value(byte[] name, long value) {
        raw(name);
        number(value);
    }

    void value(byte[] name, double value) {
        raw(name);
        number(value);
    }

    void value(byte[] name, String value) {
        raw(name);
        text(value);
    }

    void value(byte[] name, Instant value) {
        raw(name);
        reserve(WireTime.LENGTH + 2);
        bytes[length] = '"';
        WireTime.write(value, bytes, length + 1);
        length += WireTime.LENGTH + 2;
        bytes[length - 1] = '"';
    }

    void value(byte[] name, List<?> values) {
        raw(name);
        list(values);
    }

    void value(byte[] name, Map<String, ?> values) {
        raw(name);
        map(values);
    }

    /** As {@link OpenValues#write}. */
    private void any(@Nullable Object value) {
        if (value == null) {
            raw(NULL);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Double number) {
            number(number.doubleValue());
        } else if (value instanceof Integer || value instanceof Long) {
            number(((Number) value).longValue());
        } else if (value instanceof Boolean bool) {
            raw(bool ? TRUE : FALSE);
        } else if (value instanceof BigInteger number) {
            raw(number.toString().getBytes(StandardCharsets.US_ASCII));
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else {
            throw new IllegalStateException("not frozen: " + value.getClass().getName());
        }
    }

    private void list(List<?> values) {
        append('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                append(',');
            }
            any(values.get(i));
        }
        append(']');
    }

    private void map(Map<?, ?> values) {
        append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            if (!first) {
                append(',');
            }
            first = false;
            text((String) entry.getKey());
            append(':');
            any(entry.getValue());
        }
        append('}');
    }

    private void number(long value) {
        if (value == Long.MIN_VALUE) {
            raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        reserve(20);
        if (value < 0) {
            bytes[length++] = '-';
        }
        length = digits(Math.abs(value), bytes, length);
    }

    /** Digits of a number that is not negative; returns where they end. */
    private static int digits(long value, byte[] into, int from) {
        int end = from + 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = value;
        for (int at = end - 1; at >= from; at--) {
            into[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /**
     * Six decimals are enough for what a robot measures, and need no text in between. Whether they say the number exactly, the
     * division tells, which is what a reader of these digits comes to.
     */
    private void number(double value) {
        double millionths = Math.rint(value * 1e6);
        if (Math.abs(value) < EXACT && millionths / 1e6 == value && (value != 0 || 1 / value > 0)) {
            reserve(20);
            long all = (long) Math.abs(millionths);
            if (value < 0) {
                bytes[length++] = '-';
            }
            length = digits(all / 1_000_000, bytes, length);
            bytes[length++] = '.';
            decimals(all % 1_000_000);
        } else {
            raw(Double.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Six decimals without the zeros at their end, but for the first. */
    private void decimals(long millionths) {
        int at = length;
        long unit = 100_000;
        for (long rest = millionths; rest > 0 || at == length; unit /= 10) {
            bytes[at++] = (byte) ('0' + rest / unit);
            rest %= unit;
        }
        length = at;
    }

    private void text(String text) {
        int count = text.length();
        // No character takes more than six bytes: an escape.
        reserve(6 * count + 2);
        byte[] into = bytes;
        int at = length;
        into[at++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c >= ' ' && c != '"' && c != '\\') {
                    into[at++] = (byte) c;
                } else {
                    at = escape(c, into, at);
                }
            } else if (c < 0x800) {
                into[at++] = (byte) (0xC0 | (c >> 6));
                into[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                into[at++] = (byte) (0xE0 | (c >> 12));
                into[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                into[at++] = (byte) (0x80 | (c & 0x3F));
            } else {
                int point = text.codePointAt(i++);
                into[at++] = (byte) (0xF0 | (point >> 18));
                into[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                into[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                into[at++] = (byte) (0x80 | (point & 0x3F));
            }
        }
        into[at++] = '"';
        length = at;
    }

    private static int escape(char c, byte[] into, int from) {
        int at = from;
        into[at++] = '\\';
        byte letter = (byte)
                switch (c) {
                    case '"', '\\' -> c;
                    case '\b' -> 'b';
                    case '\t' -> 't';
                    case '\n' -> 'n';
                    case '\f' -> 'f';
                    case '\r' -> 'r';
                    default -> 'u';
                };
        into[at++] = letter;
        if (letter == 'u') {
            into[at++] = '0';
            into[at++] = '0';
            into[at++] = HEX[c >> 4];
            into[at++] = HEX[c & 0xF];
        }
        return at;
    }

    private void append(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
