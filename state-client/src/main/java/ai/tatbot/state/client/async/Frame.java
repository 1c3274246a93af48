package ai.tatbot.state.client.async;

import ai.tatbot.state.client.internal.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A command as it goes over the wire. Made by the thread that calls, so that the one of the connection has but to copy it; whether a
 * script goes by its name or as its text is left open until then.
 */
final class Frame {
    /** What is the same in any case, without the number of words. */
    private final byte[] tail;

    private final int words;

    private Frame(byte[] tail, int words) {
        this.tail = tail;
        this.words = words;
    }

    /** A command of these words. */
    static Frame of(List<byte[]> words) {
        return new Frame(encode(words), words.size());
    }

    /** A script with what it is run with; {@link #head(Script, boolean)} goes before it. */
    static Frame of(Script.Call call) {
        List<byte[]> words =
                new ArrayList<>(1 + call.keys().size() + call.arguments().size());
        words.add(decimal(call.keys().size()));
        words.addAll(call.keys());
        words.addAll(call.arguments());
        return of(words);
    }

    /** What goes before {@link #tail()}. */
    byte[] head() {
        return array(words);
    }

    /** What goes before {@link #tail()}: the script by its name, if Redis knows it, else as its text. */
    byte[] head(Script script, boolean known) {
        byte[] count = array(words + 2);
        byte[] start = script.start(known);
        byte[] head = Arrays.copyOf(count, count.length + start.length);
        System.arraycopy(start, 0, head, count.length, start.length);
        return head;
    }

    byte[] tail() {
        return tail;
    }

    private static byte[] array(int count) {
        return ("*" + count + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] decimal(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Each word with its length before it. */
    private static byte[] encode(List<byte[]> words) {
        int size = 0;
        for (byte[] word : words) {
            size += 1 + digits(word.length) + 2 + word.length + 2;
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (byte[] word : words) {
            bytes[at] = '$';
            int digits = digits(word.length);
            for (int i = digits, rest = word.length; i > 0; i--, rest /= 10) {
                bytes[at + i] = (byte) ('0' + rest % 10);
            }
            at = end(bytes, at + 1 + digits);
            System.arraycopy(word, 0, bytes, at, word.length);
            at = end(bytes, at + word.length);
        }
        return bytes;
    }

    private static int end(byte[] bytes, int at) {
        bytes[at] = '\r';
        bytes[at + 1] = '\n';
        return at + 2;
    }

    private static int digits(int number) {
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
