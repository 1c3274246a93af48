package ai.tatbot.state.client.internal;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Builder;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.args.Rawable;

/**
 * Fields that are read of many hashes of one kind. Jedis' own command makes an object for each word; these hand out the same words for
 * every key. Immutable.
 */
final class HashFields {
    /** The answer: a value for each field, in this order; null for what is not there. */
    @SuppressWarnings("NullAway") // Jedis does not say so
    static final Builder<List<byte @Nullable []>> BUILDER = builder();

    /** By the time that a thread makes the next one, it has sent the last. */
    private static final ThreadLocal<Read> OF_THREAD = ThreadLocal.withInitial(Read::new);

    private final byte[][] fields;

    HashFields(byte[]... fields) {
        this.fields = fields.clone();
    }

    /** The command that reads them of this key. To be sent by this thread, before it makes another one. */
    CommandArguments of(byte[] key) {
        Read read = OF_THREAD.get();
        read.key = key;
        read.fields = fields;
        return read;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays are of one class whatever may be null
    private static Builder<List<byte @Nullable []>> builder() {
        return (Builder) BuilderFactory.BINARY_LIST;
    }

    private static final class Read extends CommandArguments {
        private byte[] key = new byte[0];
        private byte[][] fields = {};

        Read() {
            super(Command.HMGET);
        }

        @Override
        public int size() {
            return 2 + fields.length;
        }

        @Override
        public Rawable get(int index) {
            byte[] raw = raw(index);
            return () -> raw;
        }

        private byte[] raw(int index) {
            return switch (index) {
                case 0 -> getCommand().getRaw();
                case 1 -> key;
                default -> fields[index - 2];
            };
        }

        @Override
        public Iterator<Rawable> iterator() {
            return new Cursor();
        }

        /** Each word in turn; as {@link Rawable} the one that was handed out last. */
        private final class Cursor implements Iterator<Rawable>, Rawable {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Rawable next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                next++;
                return this;
            }

            @Override
            public byte[] getRaw() {
                return raw(next - 1);
            }
        }
    }
}
