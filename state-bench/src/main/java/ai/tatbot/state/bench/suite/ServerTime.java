package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.RedisCommand;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import java.time.Duration;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Redis' own time for a command, by its own count ({@code INFO commandstats}); pipelined, so that its core stays awake. What the
 * sample calls seconds is Redis' time.
 */
final class ServerTime implements Contestant {
    private static final int BATCH = 100;

    private final String name;
    private final Connection redis;
    private final Session session;
    private final CommandArguments arguments;

    ServerTime(String name, Connection redis, Session session, RedisCommand command) {
        this.name = name;
        this.redis = redis;
        this.session = session;
        ProtocolCommand first = () -> command.words().get(0);
        this.arguments = new CommandArguments(first);
        command.words().subList(1, command.words().size()).forEach(arguments::add);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample run(Duration slot) {
        CommandStats before = CommandStats.read(redis);
        long end = System.nanoTime() + slot.toNanos();
        long calls = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH; i++) {
                redis.sendCommand(arguments);
            }
            for (Object reply : redis.getMany(BATCH)) {
                if (reply instanceof JedisDataException refused) {
                    throw refused;
                }
            }
            calls += BATCH;
        }
        session.count(calls);
        CommandStats work = CommandStats.read(redis).since(before);
        return Sample.counted(calls, Math.round(work.scriptMicroseconds() * 1e3));
    }

    @Override
    public void close() {
        redis.close();
        session.close();
    }
}
