package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.util.SafeEncoder;

/** Commands of an administrator, one at a time, to one Redis or the primary that its sentinels name. Thread-safe. */
public final class RedisAdministration implements AutoCloseable {
    private final RedisConnections redis;

    /** Connects with the first command. */
    public RedisAdministration(StateOptions options) {
        this.redis = new RedisConnections(options);
    }

    /**
     * Sends a command, once, and waits for the answer, for as long as the options say.
     *
     * @param what what it does and to what, to begin a message with: the words may be secret, and are in none
     * @return a {@code Long}, a {@code byte[]}, a {@code List} of these, or null
     * @throws StateException if Redis cannot be reached, or refuses
     */
    public Object call(String what, String command, String... words) {
        CommandArguments arguments = new CommandArguments(() -> SafeEncoder.encode(command));
        for (String word : words) {
            arguments.add(word);
        }
        return redis.call(what, Safety.ONCE, new CommandObject<>(arguments, BuilderFactory.RAW_OBJECT));
    }

    /** As {@link #call}, of a command whose answer is a text. */
    public String text(String what, String command, String... words) {
        Object answer = call(what, command, words);
        return answer instanceof byte[] bytes ? SafeEncoder.encode(bytes) : String.valueOf(answer);
    }

    @Override
    public void close() {
        redis.close();
    }
}
