package ai.tatbot.state.client.internal;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.args.Rawable;

/**
 * A script with its keys and arguments, as Jedis sends it. Jedis' own command copies them into lists, with an object for each; this
 * one hands them out as they are, one after another. To be sent by one thread.
 */
final class ScriptCommand extends CommandArguments {
    /** For calls that wait for their answer: by then it has been sent, and may be filled anew. */
    private static final ThreadLocal<ScriptCommand> OF_THREAD =
            ThreadLocal.withInitial(() -> new ScriptCommand(Command.EVALSHA, new byte[0], List.of(), List.of()));

    /** Its answer is taken as it comes. */
    private final CommandObject<Object> object = new CommandObject<>(this, BuilderFactory.RAW_OBJECT);

    private byte[] script;
    private List<byte[]> keys;
    private List<byte[]> arguments;

    /**
     * @param command EVALSHA or EVAL
     * @param script the script's hash or text, as goes with it
     */
    ScriptCommand(Command command, byte[] script, List<byte[]> keys, List<byte[]> arguments) {
        super(command);
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
    }

    /** Runs a script by its hash; over when it returns. */
    static Object execute(Exchange exchange, byte[] hash, List<byte[]> keys, List<byte[]> arguments) {
        ScriptCommand command = OF_THREAD.get();
        command.script = hash;
        command.keys = keys;
        command.arguments = arguments;
        try {
            return exchange.execute(command.object);
        } finally {
            command.keys = List.of();
            command.arguments = List.of();
        }
    }

    CommandObject<Object> object() {
        return object;
    }

    @Override
    public int size() {
        return 3 + keys.size() + arguments.size();
    }

    @Override
    public Rawable get(int index) {
        byte[] raw = raw(index);
        return new Cursor(raw);
    }

    private byte[] raw(int index) {
        return switch (index) {
            case 0 -> getCommand().getRaw();
            case 1 -> script;
            case 2 -> Decimal.bytes(keys.size());
            default -> index < 3 + keys.size() ? keys.get(index - 3) : arguments.get(index - 3 - keys.size());
        };
    }

    @Override
    public Iterator<Rawable> iterator() {
        return new Cursor(script);
    }

    /** Each of them in turn; as {@link Rawable} the one that was handed out last. */
    private final class Cursor implements Iterator<Rawable>, Rawable {
        private int next;
        private byte[] current;

        Cursor(byte[] current) {
            this.current = current;
        }

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        public Rawable next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            current = raw(next++);
            return this;
        }

        @Override
        public byte[] getRaw() {
            return current;
        }
    }
}
