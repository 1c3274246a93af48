package ai.tatbot.state.client.faultkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts what a Redis or its client sends (RESP2) into whole replies or requests. Not thread-safe. */
final class RespFrames {
    private static final byte[] MESSAGE = "*3\r\n$7\r\nmessage\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PATTERN_MESSAGE = "*4\r\n$8\r\npmessage\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

    private byte[] pending = new byte[0];

    /** Takes what came; returns the replies that are complete now. What is no Redis' reply comes back as it is. */
    List<byte[]> add(byte[] chunk) {
        byte[] all = Arrays.copyOf(pending, pending.length + chunk.length);
        System.arraycopy(chunk, 0, all, pending.length, chunk.length);
        List<byte[]> frames = new ArrayList<>();
        int from = 0;
        for (int end = end(all, from); end > from; end = end(all, from)) {
            frames.add(Arrays.copyOfRange(all, from, end));
            from = end;
        }
        pending = Arrays.copyOfRange(all, from, all.length);
        return frames;
    }

    /** Whether a reply is a published message on its way to a subscriber. */
    static boolean isMessage(byte[] frame) {
        return startsWith(frame, MESSAGE) || startsWith(frame, PATTERN_MESSAGE);
    }

    /** Whether a request is a PING. */
    static boolean isPing(byte[] frame) {
        return Arrays.equals(frame, PING);
    }

    private static boolean startsWith(byte[] frame, byte[] start) {
        return frame.length >= start.length && Arrays.equals(frame, 0, start.length, start, 0, start.length);
    }

    /** Where the reply that begins here ends, or -1 if it is incomplete. */
    private static int end(byte[] data, int from) {
        int line = lineEnd(data, from);
        if (from >= data.length || line < 0) {
            return -1;
        }
        return switch (data[from]) {
            case '+', '-', ':' -> line;
            case '$' -> {
                int length = number(data, from, line);
                int end = length < 0 ? line : line + length + 2;
                yield end <= data.length ? end : -1;
            }
            case '*' -> {
                int end = line;
                for (int i = number(data, from, line); i > 0 && end > 0; i--) {
                    end = end(data, end);
                }
                yield end;
            }
            default -> data.length;
        };
    }

    private static int lineEnd(byte[] data, int from) {
        for (int i = from; i + 1 < data.length; i++) {
            if (data[i] == '\r' && data[i + 1] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }

    private static int number(byte[] data, int from, int line) {
        return Integer.parseInt(new String(data, from + 1, line - from - 3, StandardCharsets.US_ASCII));
    }
}
