package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Sends {@code WAIT} behind each command, in the same flush, and believes only what enough replicas have confirmed. */
final class ReplicatedExchange implements Exchange {
    private final Connection connection;
    private final String what;
    private final StateOptions options;

    ReplicatedExchange(Connection connection, String what, StateOptions options) {
        this.connection = connection;
        this.what = what;
        this.options = options;
    }

    @Override
    public <T> T execute(CommandObject<T> command) {
        connection.sendCommand(command.getArguments());
        connection.sendCommand(
                Command.WAIT,
                Integer.toString(options.replicas()),
                Long.toString(options.replicaTimeout().toMillis()));
        List<Object> answers = connection.getMany(2);
        if (answers.get(0) instanceof JedisDataException refused) {
            throw refused;
        }
        StateException unconfirmed = unconfirmed(what, answers.get(1), options);
        if (unconfirmed != null) {
            throw unconfirmed;
        }
        return command.getBuilder().build(answers.get(0));
    }

    /** Why not enough replicas have what was stored, from the answer to {@code WAIT}; null if enough have it. */
    static @Nullable StateException unconfirmed(String what, @Nullable Object answer, StateOptions options) {
        if (answer instanceof JedisDataException refused) {
            return new StateException(
                    Reason.NOT_REPLICATED,
                    what + ": stored, but whether replicas have it is not known: " + refused.getMessage()
                            + ". Grant WAIT to this user, or set STATE_REPLICAS to 0.",
                    refused);
        }
        long confirmed = answer instanceof Long number ? number : 0;
        if (confirmed < options.replicas()) {
            return new StateException(
                    Reason.NOT_REPLICATED,
                    what + ": stored, but only " + confirmed + " of " + options.replicas()
                            + " replicas confirmed it within "
                            + options.replicaTimeout().toMillis()
                            + " ms. Look at the replicas; a failover now may lose it.");
        }
        return null;
    }
}
