package ai.tatbot.state.client.async;

import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command in Lettuce's terms: its words as they are, its answer as Redis gives it. */
abstract class PlainCommand extends Command<byte[], byte[], @Nullable Object> {
    private final List<byte[]> words;
    private final RawOutput output;

    PlainCommand(List<byte[]> words, RawOutput output) {
        // The type is for Lettuce's log only.
        super(CommandType.EVALSHA, output);
        this.words = words;
        this.output = output;
    }

    /** Bytes, a number, a list, null, or a {@link redis.clients.jedis.exceptions.JedisDataException}. */
    final @Nullable Object raw() {
        return output.answer();
    }

    @Override
    public final void encode(ByteBuf buffer) {
        head(buffer, '*', words.size());
        for (byte[] word : words) {
            head(buffer, '$', word.length);
            buffer.writeBytes(word);
            end(buffer);
        }
    }

    private static void head(ByteBuf buffer, char sign, int number) {
        buffer.writeByte(sign);
        if (number < 10) {
            buffer.writeByte('0' + number);
        } else if (number < 100) {
            buffer.writeByte('0' + number / 10);
            buffer.writeByte('0' + number % 10);
        } else {
            buffer.writeCharSequence(Integer.toString(number), StandardCharsets.US_ASCII);
        }
        end(buffer);
    }

    private static void end(ByteBuf buffer) {
        buffer.writeByte('\r');
        buffer.writeByte('\n');
    }
}
