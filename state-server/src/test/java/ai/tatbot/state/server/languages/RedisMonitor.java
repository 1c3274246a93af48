package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.faultkit.RedisServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/** Every command that a Redis runs, as its MONITOR tells: those of clients, and those that scripts run. */
final class RedisMonitor implements AutoCloseable {
    private static final String LUA = "lua";

    private final RedisServer redis;
    private final Socket socket;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private int markers;

    /** @param client address of the client, or {@code lua} */
    record Line(String client, List<String> words) {
        boolean isOfScript() {
            return client.equals(LUA);
        }

        /** The client's port; 0 for a script. */
        int port() {
            return isOfScript() ? 0 : Integer.parseInt(client.substring(client.lastIndexOf(':') + 1));
        }
    }

    RedisMonitor(RedisServer redis, int port) {
        this.redis = redis;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            OutputStream out = socket.getOutputStream();
            out.write(("AUTH " + RedisServer.PASSWORD + "\r\nMONITOR\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 2; i++) {
                String answer = in.readLine();
                if (!"+OK".equals(answer)) {
                    throw new IllegalStateException("MONITOR: " + answer);
                }
            }
            Thread thread = new Thread(() -> read(in), "redis-monitor");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(BufferedReader in) {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(parse(line));
            }
        } catch (IOException e) {
            // Closed with the test.
            lines.clear();
        }
    }

    /** {@code +1795394625.123456 [0 127.0.0.1:40404] "SET" "a" "\"b\""} */
    static Line parse(String line) {
        int open = line.indexOf('[');
        int close = line.indexOf(']', open);
        String client = line.substring(line.indexOf(' ', open) + 1, close);
        List<String> words = new ArrayList<>();
        int at = close + 1;
        while (line.indexOf('"', at) >= 0) {
            at = line.indexOf('"', at) + 1;
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            while (line.charAt(at) != '"') {
                char c = line.charAt(at++);
                if (c != '\\') {
                    word.write(c);
                    continue;
                }
                char escaped = line.charAt(at++);
                switch (escaped) {
                    case 'n' -> word.write('\n');
                    case 'r' -> word.write('\r');
                    case 't' -> word.write('\t');
                    case 'a' -> word.write(7);
                    case 'b' -> word.write('\b');
                    case 'x' -> {
                        word.write(Integer.parseInt(line.substring(at, at + 2), 16));
                        at += 2;
                    }
                    default -> word.write(escaped);
                }
            }
            at++;
            words.add(word.toString(StandardCharsets.UTF_8));
        }
        return new Line(client, words);
    }

    /** What was run since the last call and before this one. */
    List<Line> soFar() {
        String marker = "monitor-marker-" + ++markers;
        try (Jedis jedis = redis.jedis()) {
            jedis.echo(marker);
        }
        List<Line> all = new ArrayList<>();
        while (true) {
            Line next = next();
            if (next.words().size() == 2 && next.words().get(1).equals(marker)) {
                return all;
            }
            all.add(next);
        }
    }

    private Line next() {
        try {
            Line next = lines.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("MONITOR has fallen silent");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
