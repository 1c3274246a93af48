package ai.tatbot.state.bench.peers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * A command as it is on the wire.
 *
 * @param words its name and arguments
 */
public record RedisCommand(List<byte[]> words) {
    /** Copies the list, not the words. */
    public RedisCommand {
        words = List.copyOf(words);
    }

    /** Its name, in capitals. */
    public String name() {
        return new String(words.get(0), StandardCharsets.UTF_8).toUpperCase(java.util.Locale.ROOT);
    }

    /** How many bytes its arguments have. */
    public int bytes() {
        return words.stream().mapToInt(word -> word.length).sum();
    }

    /** The same for Jedis. */
    public CommandObject<Object> forJedis() {
        ProtocolCommand command = () -> words.get(0);
        CommandArguments arguments = new CommandArguments(command);
        words.subList(1, words.size()).forEach(arguments::add);
        return new CommandObject<>(arguments, BuilderFactory.RAW_OBJECT);
    }
}
