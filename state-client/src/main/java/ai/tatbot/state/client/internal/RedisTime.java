package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import java.time.Instant;
import java.util.List;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;

/** What Redis' own clock says, by which leases and heartbeats are measured. */
final class RedisTime {
    static final CommandObject<List<Object>> COMMAND =
            new CommandObject<>(new CommandArguments(Protocol.Command.TIME), BuilderFactory.RAW_OBJECT_LIST);

    private RedisTime() {}

    /** Decodes seconds and microseconds. */
    static Instant decode(List<Object> reply) {
        long seconds = Long.parseLong(text((byte[]) reply.get(0)));
        long micros = Long.parseLong(text((byte[]) reply.get(1)));
        return Instant.ofEpochSecond(seconds, micros * 1_000);
    }
}
