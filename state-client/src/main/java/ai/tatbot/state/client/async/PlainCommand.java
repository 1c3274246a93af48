package ai.tatbot.state.client.async;

import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A command in Lettuce's terms: its bytes as they are, its answer as Redis gives it. */
abstract class PlainCommand extends Command<byte[], byte[], @Nullable Object> {
    private final byte[] head;
    private final byte[] tail;
    private final RawOutput answer;

    PlainCommand(byte[] head, byte[] tail, RawOutput output) {
        // The type is for Lettuce's log only.
        super(CommandType.EVALSHA, output);
        this.head = head;
        this.tail = tail;
        this.answer = output;
    }

    /** Bytes, a number, a list, null, or a {@link redis.clients.jedis.exceptions.JedisDataException}. */
    final @Nullable Object raw() {
        return answer.answer();
    }

    @Override
    public final void encode(ByteBuf buffer) {
        buffer.ensureWritable(head.length + tail.length);
        buffer.writeBytes(head).writeBytes(tail);
    }
}
