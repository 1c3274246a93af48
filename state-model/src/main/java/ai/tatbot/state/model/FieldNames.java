package ai.tatbot.state.model;

import java.nio.charset.StandardCharsets;

/** Names of a generated class's fields, in the order of its schema, as they stand in JSON. Immutable. */
final class FieldNames {
    /** Each with what stands around it: {@code ,"name":}. */
    private final byte[][] names;

    private final long nullable;

    /** @param nullable a bit for each field that may be null, the first one's the lowest */
    FieldNames(long nullable, String... names) {
        this.nullable = nullable;
        this.names = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            this.names[i] = (",\"" + names[i] + "\":").getBytes(StandardCharsets.US_ASCII);
        }
    }

    static byte[] quoted(String text) {
        return ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code ,"name":} */
    byte[] at(int index) {
        return names[index];
    }

    /** Index of the field whose quoted name stands here, the one after another first, since writers keep an order; -1 if none. */
    int find(byte[] json, int from, int end, int after) {
        int index = after;
        for (int tried = 0; tried < names.length; tried++) {
            index = index + 1 < names.length ? index + 1 : 0;
            if (stands(names[index], json, from, end)) {
                return index;
            }
        }
        return -1;
    }

    boolean mayBeNull(int index) {
        return (nullable & 1L << index) != 0;
    }

    /** How long a name is with its quotes. */
    int quotedLength(int index) {
        return names[index].length - 2;
    }

    private static boolean stands(byte[] name, byte[] json, int from, int end) {
        int length = name.length - 2;
        if (end - from < length || json[from + 1] != name[2]) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (json[from + i] != name[i + 1]) {
                return false;
            }
        }
        return true;
    }
}
