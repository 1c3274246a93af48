package ai.tatbot.state.bench.study;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** One connection: commands are sent, then answered together, so the caller decides what shares a round trip. */
final class Wire implements AutoCloseable {
    static final String USER = "study";
    static final String PASSWORD = "study";

    private final Connection connection;
    private int pending;

    private Wire(int port, DefaultJedisClientConfig.Builder config) {
        connection = new Connection(
                new HostAndPort("127.0.0.1", port),
                config.resp2().timeoutMillis(10_000).build());
    }

    static Wire asAdmin(int port) {
        return new Wire(port, DefaultJedisClientConfig.builder());
    }

    static Wire asStudyUser(int port) {
        return new Wire(port, DefaultJedisClientConfig.builder().user(USER).password(PASSWORD));
    }

    /** Buffers a command. */
    void send(Command command, Object... arguments) {
        connection.sendCommand(new CommandArguments(command).addObjects(arguments));
        pending++;
    }

    /** Flushes, and reads one reply for each command sent; an error is an element of the list. */
    List<Object> replies() {
        int count = pending;
        pending = 0;
        return connection.getMany(count);
    }

    /** Sends one command and waits for its reply; an error is thrown. */
    @Nullable
    Object ask(Command command, Object... arguments) {
        send(command, arguments);
        Object reply = replies().get(0);
        if (reply instanceof JedisDataException error) {
            throw error;
        }
        return reply;
    }

    String text(Command command, Object... arguments) {
        return text(ask(command, arguments));
    }

    /** The next message that is pushed to a subscriber. */
    Object next() {
        return connection.getUnflushedObject();
    }

    static String text(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (reply instanceof List<?> list) {
            return list.stream().map(Wire::text).toList().toString();
        }
        return String.valueOf(reply);
    }

    @Override
    public void close() {
        connection.close();
    }
}
