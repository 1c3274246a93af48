package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bare Lettuce: one connection, its defaults. */
public final class Lettuce implements AutoCloseable {
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;

    /** Connects. */
    public Lettuce(BenchRedis redis) {
        client = RedisClient.create(RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(redis.port())
                .withPassword(redis.password().toCharArray())
                .build());
        connection = client.connect(ByteArrayCodec.INSTANCE);
    }

    /** Sends it and waits. */
    public Object call(RedisCommand command) throws Exception {
        return start(command).get();
    }

    /** Sends it. */
    public RedisFuture<Object> start(RedisCommand command) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        command.words().subList(1, command.words().size()).forEach(arguments::add);
        return connection.async().dispatch(new Name(command.name()), new Unread(), arguments);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }

    /** Whatever the answer is, unless it is an error. */
    private static final class Unread extends CommandOutput<byte[], byte[], Object> {
        Unread() {
            super(ByteArrayCodec.INSTANCE, "");
        }

        @Override
        public void set(ByteBuffer bytes) {}

        @Override
        public void set(long integer) {}
    }

    private record Name(String text) implements ProtocolKeyword {
        @Override
        public byte[] getBytes() {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
