package ai.tatbot.state.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object from UTF-8 JSON in a single pass over the bytes, for the generated classes. It knows what writers of documents
 * and events make: names that the schema knows, each once, plain values, texts without escapes. Whatever else it meets, valid or
 * not, it declines, and the careful reader decides, which also finds the words for what is wrong. So it never refuses anything, and
 * must only never accept what the careful reader would refuse or understand otherwise.
 */
final class JsonScanner {
    /** Not for this reader. Without a stack trace, since it is no failure. */
    static final class Declined extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Declined() {
            super("left to the careful reader", null, false, false);
        }
    }

    /** Digits that a long holds whatever they are. */
    private static final int MOST_DIGITS = 18;

    /** Digits of an integer that a double holds exactly. */
    private static final int MOST_EXACT_DIGITS = 15;

    /** Of a number; the careful reader has its own limit. */
    private static final int MOST_CHARACTERS = 400;

    private static final double[] POWERS_OF_TEN = new double[MOST_EXACT_DIGITS + 1];

    static {
        double power = 1;
        for (int i = 0; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = power;
            power *= 10;
        }
    }

    private final byte[] json;
    private final int end;
    private int at;
    private long seen;
    private long valued;
    private boolean first = true;

    JsonScanner(byte[] json) {
        this.json = json;
        this.end = json.length;
    }

    /** Must be called first. */
    void startObject() {
        skipBlanks();
        expect('{');
    }

    /**
     * Moves to the value of the next field, past those that are null and may be.
     *
     * @param after index of the field before, -1 for none
     * @return index of the field, or -1 at the end of the object, behind which there is nothing
     */
    int next(FieldNames names, int after) {
        int before = after;
        while (true) {
            skipBlanks();
            if (peek() == '}') {
                at++;
                skipBlanks();
                require(at == end);
                return -1;
            }
            if (!first) {
                expect(',');
                skipBlanks();
            }
            first = false;
            require(end - at > 1 && json[at] == '"');
            int field = names.find(json, at, end, before);
            require(field >= 0 && field < Long.SIZE && (seen & 1L << field) == 0);
            seen |= 1L << field;
            at += names.quotedLength(field);
            skipBlanks();
            expect(':');
            skipBlanks();
            if (peek() != 'n') {
                valued |= 1L << field;
                return field;
            }
            require(names.mayBeNull(field));
            word("null");
            before = field;
        }
    }

    boolean readBoolean() {
        boolean value = peek() == 't';
        word(value ? "true" : "false");
        return value;
    }

    int readInt() {
        long value = readLong();
        require(value == (int) value);
        return (int) value;
    }

    long readLong() {
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        int from = at;
        long value = digits();
        require(at - from <= MOST_DIGITS);
        requireEndOfNumber();
        return negative ? -value : value;
    }

    double readDouble() {
        int from = at;
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        int begin = at;
        long value = digits();
        int digits = at - begin;
        int decimals = 0;
        if (at < end && json[at] == '.') {
            at++;
            int point = at;
            while (at < end && isDigit(json[at])) {
                value = value * 10 + json[at] - '0';
                at++;
            }
            decimals = at - point;
            require(decimals > 0);
            digits += decimals;
        }
        if (digits <= MOST_EXACT_DIGITS && !isExponent()) {
            // Both are exact, so their quotient is the nearest double there is.
            double number = value / POWERS_OF_TEN[decimals];
            requireEndOfNumber();
            require(!negative || value != 0 || decimals > 0);
            return negative ? -number : number;
        }
        if (isExponent()) {
            at++;
            if (at < end && (json[at] == '-' || json[at] == '+')) {
                at++;
            }
            require(at < end && isDigit(json[at]));
            while (at < end && isDigit(json[at])) {
                at++;
            }
        } else {
            require(decimals > 0);
        }
        requireEndOfNumber();
        require(at - from <= MOST_CHARACTERS);
        return Double.parseDouble(new String(json, from, at - from, StandardCharsets.ISO_8859_1));
    }

    private boolean isExponent() {
        return at < end && (json[at] == 'e' || json[at] == 'E');
    }

    /** Digits without a zero before them. If there are too many for a long, what comes out is nonsense. */
    private long digits() {
        int from = at;
        long value = 0;
        while (at < end && isDigit(json[at])) {
            value = value * 10 + json[at] - '0';
            at++;
        }
        require(at > from && (json[from] != '0' || at == from + 1));
        return value;
    }

    private void requireEndOfNumber() {
        require(at < end);
        byte next = json[at];
        require(next == ',' || next == '}' || next == ']' || isBlank(next));
    }

    String readString() {
        int from = startOfString();
        int bits = 0;
        int i = from;
        while (true) {
            require(i < end);
            byte c = json[i];
            if (c == '"') {
                break;
            }
            require(c != '\\' && (c >= ' ' || c < 0));
            bits |= c;
            i++;
        }
        at = i + 1;
        if (bits >= 0) {
            return new String(json, from, i - from, StandardCharsets.ISO_8859_1);
        }
        String text = new String(json, from, i - from, StandardCharsets.UTF_8);
        // What is no UTF-8 becomes this character. Who means it is read by the careful reader.
        require(text.indexOf('\uFFFD') < 0);
        return text;
    }

    private int startOfString() {
        expect('"');
        return at;
    }

    Instant readTime() {
        int from = startOfString();
        int to = from;
        while (to < end && json[to] != '"') {
            to++;
        }
        Instant time = to < end ? WireTime.scan(json, from, to) : null;
        if (time == null) {
            throw new Declined();
        }
        at = to + 1;
        return time;
    }

    /** Reads a field that always has the same value. */
    void readConstant(byte[] quoted) {
        require(end - at >= quoted.length);
        for (int i = 0; i < quoted.length; i++) {
            require(json[at + i] == quoted[i]);
        }
        at += quoted.length;
    }

    /** For a field that must be there, and was read. */
    void requireValue(int field) {
        require((valued & 1L << field) != 0);
    }

    <E> E readEnum(Function<String, E> fromValue) {
        try {
            return fromValue.apply(readString());
        } catch (IllegalArgumentException e) {
            throw new Declined();
        }
    }

    /** Open objects are rare, and none is on a hot path. */
    Map<String, @Nullable Object> readMap() {
        require(false);
        return Map.of();
    }

    List<Double> readDoubles() {
        int count = startOfArray();
        Double[] values = new Double[count];
        for (int i = 0; i < count; i++) {
            values[i] = readDouble();
            endOfItem(i + 1 < count);
        }
        at++;
        return List.of(values);
    }

    List<String> readStrings() {
        int count = startOfArray();
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            values[i] = readString();
            endOfItem(i + 1 < count);
        }
        at++;
        return List.of(values);
    }

    /** Moves to the first item, and returns how many there are; of texts that have a comma in them, it declines those. */
    private int startOfArray() {
        expect('[');
        skipBlanks();
        if (peek() == ']') {
            return 0;
        }
        int count = 1;
        for (int i = at; i < end && json[i] != ']'; i++) {
            if (json[i] == ',') {
                count++;
            }
        }
        return count;
    }

    private void endOfItem(boolean more) {
        skipBlanks();
        if (more) {
            expect(',');
            skipBlanks();
        } else {
            require(peek() == ']');
        }
    }

    /**
     * Value of a top-level text field, or null if this reader does not find it.
     *
     * @param name its name with quotes
     */
    static @Nullable String textField(byte[] json, byte[] name) {
        try {
            return new JsonScanner(json).findText(name);
        } catch (Declined e) {
            return null;
        }
    }

    private String findText(byte[] name) {
        startObject();
        while (true) {
            skipBlanks();
            int from = at;
            readString();
            boolean found = at - from == name.length;
            for (int i = 0; found && i < name.length; i++) {
                found = json[from + i] == name[i];
            }
            skipBlanks();
            expect(':');
            skipBlanks();
            if (found) {
                return readString();
            }
            skipPlain();
            skipBlanks();
            expect(',');
        }
    }

    /** Passes over a text, a number or a word. */
    private void skipPlain() {
        byte c = peek();
        if (c == '"') {
            readString();
            return;
        }
        require(c != '[' && c != '{');
        while (at < end && json[at] != ',' && json[at] != '}' && !isBlank(json[at])) {
            at++;
        }
    }

    private void word(String word) {
        require(end - at > word.length());
        for (int i = 0; i < word.length(); i++) {
            require(json[at + i] == word.charAt(i));
        }
        at += word.length();
        requireEndOfNumber();
    }

    private byte peek() {
        require(at < end);
        return json[at];
    }

    private void expect(char c) {
        require(at < end && json[at] == c);
        at++;
    }

    private void skipBlanks() {
        while (at < end && isBlank(json[at])) {
            at++;
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static void require(boolean met) {
        if (!met) {
            throw new Declined();
        }
    }
}
