package ai.tatbot.state.server.languages;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Stands between a client and its Redis, passes on every byte, and keeps each command with the answer to it (RESP2). What MONITOR
 * tells is what was sent; this tells what came back.
 */
final class RedisTap implements AutoCloseable {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> PUSHED =
            Set.of("message", "pmessage", "subscribe", "psubscribe", "unsubscribe", "punsubscribe");

    private final ServerSocket listener;
    private final int redisPort;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final List<Exchange> exchanges = new ArrayList<>();

    /** A command and its answer, once that has come. */
    static final class Exchange {
        final List<String> words;
        JsonNode reply = NODES.missingNode();

        Exchange(List<String> words) {
            this.words = words;
        }
    }

    RedisTap(int redisPort) {
        this.redisPort = redisPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            while (true) {
                connect(listener.accept());
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Whether Redis knows a client by this port because it came through here. */
    boolean isFrom(int clientPort) {
        return ports.contains(clientPort);
    }

    /** Takes the oldest answer to this command, and forgets it. */
    JsonNode takeReply(List<String> words) {
        synchronized (exchanges) {
            for (Exchange one : exchanges) {
                if (one.words.equals(words)) {
                    exchanges.remove(one);
                    return one.reply;
                }
            }
        }
        return NODES.missingNode();
    }

    void forget() {
        synchronized (exchanges) {
            exchanges.clear();
        }
    }

    private void connect(Socket client) throws IOException {
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), redisPort);
        client.setTcpNoDelay(true);
        redis.setTcpNoDelay(true);
        ports.add(redis.getLocalPort());
        Deque<Exchange> unanswered = new ArrayDeque<>();
        pump(client, redis, frame -> {
            Exchange asked =
                    new Exchange(frame.valueStream().map(JsonNode::asString).toList());
            synchronized (exchanges) {
                unanswered.add(asked);
                exchanges.add(asked);
            }
        });
        pump(redis, client, frame -> {
            synchronized (exchanges) {
                if (!isPushed(frame)) {
                    Exchange asked = unanswered.poll();
                    if (asked != null) {
                        asked.reply = frame;
                    }
                }
            }
        });
    }

    /** What answers a subscription, and comes through it, belongs to no one command. */
    private static boolean isPushed(JsonNode frame) {
        return frame.isArray() && PUSHED.contains(frame.path(0).asString(""));
    }

    private interface Taker {
        void take(JsonNode frame);
    }

    private void pump(Socket from, Socket to, Taker taker) {
        start(() -> {
            try (from;
                    to) {
                InputStream in = new BufferedInputStream(from.getInputStream(), 1 << 16);
                OutputStream out = to.getOutputStream();
                while (true) {
                    ByteArrayOutputStream raw = new ByteArrayOutputStream();
                    JsonNode frame = frame(in, raw);
                    taker.take(frame);
                    raw.writeTo(out);
                    out.flush();
                }
            }
        });
    }

    private static JsonNode frame(InputStream in, ByteArrayOutputStream raw) throws IOException {
        String line = line(in, raw);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> NODES.stringNode(rest);
            case '-' -> NODES.objectNode().put("error", rest);
            case ':' -> NODES.numberNode(Long.parseLong(rest));
            case '$' -> bulk(in, raw, Integer.parseInt(rest));
            case '*' -> array(in, raw, Integer.parseInt(rest));
            default -> throw new IOException("no RESP2: " + line);
        };
    }

    private static JsonNode bulk(InputStream in, ByteArrayOutputStream raw, int length) throws IOException {
        if (length < 0) {
            return NODES.nullNode();
        }
        byte[] text = in.readNBytes(length + 2);
        raw.writeBytes(text);
        return NODES.stringNode(new String(text, 0, length, StandardCharsets.UTF_8));
    }

    private static JsonNode array(InputStream in, ByteArrayOutputStream raw, int items) throws IOException {
        if (items < 0) {
            return NODES.nullNode();
        }
        ArrayNode all = NODES.arrayNode();
        for (int i = 0; i < items; i++) {
            all.add(frame(in, raw));
        }
        return all;
    }

    private static String line(InputStream in, ByteArrayOutputStream raw) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            line.write(c);
        }
        in.read();
        raw.writeBytes(line.toByteArray());
        raw.writeBytes(new byte[] {'\r', '\n'});
        return line.toString(StandardCharsets.UTF_8);
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One side has hung up, or the test is over; the other side learns it by its closed socket.
                        Thread.currentThread().interrupt();
                    }
                },
                "redis-tap");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
