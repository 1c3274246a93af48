package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * The very command that the client sends, whatever it is in this version: seen by Redis itself ({@code MONITOR}), so that the
 * yardsticks do exactly the same work.
 */
public final class ShippedCommand {
    private ShippedCommand() {}

    /**
     * What a client sends when this is run.
     *
     * @param key the first command that names it is the one
     */
    public static RedisCommand of(BenchRedis redis, String key, Caller action) throws Exception {
        try (Connection monitor = redis.connection()) {
            monitor.sendCommand(Command.MONITOR);
            monitor.getStatusCodeReply();
            action.call();
            while (true) {
                String line = text(monitor.getUnflushedObject());
                if (line.contains(key) && !isFromScript(line)) {
                    return new RedisCommand(words(line));
                }
            }
        }
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : String.valueOf(reply);
    }

    /** {@code 1700000000.123456 [0 lua] "HSET" ...} is what a script did. */
    static boolean isFromScript(String line) {
        int end = line.indexOf(']');
        return end > 0 && line.substring(0, end).endsWith(" lua");
    }

    /** The quoted words of a line of MONITOR, as bytes. */
    static List<byte[]> words(String line) {
        List<byte[]> words = new ArrayList<>();
        int at = line.indexOf('"', line.indexOf(']'));
        while (at >= 0) {
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            at++;
            while (line.charAt(at) != '"') {
                at = character(line, at, word);
            }
            words.add(word.toByteArray());
            at = line.indexOf('"', at + 1);
        }
        return words;
    }

    /** Returns where the next one begins. */
    private static int character(String line, int at, ByteArrayOutputStream word) {
        char c = line.charAt(at);
        if (c != '\\') {
            word.write(c);
            return at + 1;
        }
        char escaped = line.charAt(at + 1);
        switch (escaped) {
            case 'x' -> {
                word.write(Integer.parseInt(line.substring(at + 2, at + 4), 16));
                return at + 4;
            }
            case 'n' -> word.write('\n');
            case 'r' -> word.write('\r');
            case 't' -> word.write('\t');
            case 'a' -> word.write(7);
            case 'b' -> word.write('\b');
            default -> word.write(escaped);
        }
        return at + 2;
    }
}
