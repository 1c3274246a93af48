package ai.tatbot.state.client.async;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Takes an answer as it comes, in the shape in which the blocking face reads it: bytes, numbers, and lists of them. */
final class RawOutput extends CommandOutput<byte[], byte[], @Nullable Object> {
    private @Nullable Object answer;
    private @Nullable Deque<Nested> open;

    RawOutput() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    @Nullable
    Object answer() {
        return answer;
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        put(bytes == null ? null : copy(bytes));
    }

    @Override
    public void setSingle(@Nullable ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void set(long number) {
        put(number);
    }

    @Override
    public void setError(ByteBuffer message) {
        put(new JedisDataException(new String(copy(message), StandardCharsets.UTF_8)));
    }

    @Override
    public void multi(int count) {
        if (count < 0) {
            put(null);
            return;
        }
        List<@Nullable Object> list = new ArrayList<>(Math.min(count, 1024));
        put(list);
        if (count > 0) {
            if (open == null) {
                open = new ArrayDeque<>();
            }
            open.push(new Nested(list, count));
        }
    }

    private void put(@Nullable Object value) {
        if (open == null || open.isEmpty()) {
            answer = value;
            return;
        }
        Nested nested = open.element();
        nested.list.add(value);
        if (--nested.missing == 0) {
            open.pop();
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static final class Nested {
        private final List<@Nullable Object> list;
        private int missing;

        Nested(List<@Nullable Object> list, int missing) {
            this.list = list;
            this.missing = missing;
        }
    }
}
