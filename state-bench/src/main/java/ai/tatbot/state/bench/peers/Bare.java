package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.Example;
import ai.tatbot.state.client.StateManager;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.RedisClient;

/** Bare Jedis, pooled, with its defaults: the yardstick of everything that blocks. */
public final class Bare {
    private Bare() {}

    /** {@code SET} of the same bytes. */
    public static Caller set(RedisClient bare, String key, byte[] document) {
        byte[] name = Example.bytes("bare:" + key);
        return () -> bare.set(name, document);
    }

    /** {@code HMGET} of a document with its revision and time, left as they are. */
    public static Caller hmget(RedisClient bare, String key, String field) {
        byte[] name = Example.bytes(key);
        byte[] document = Example.bytes(field);
        byte[] revision = Example.bytes("rev");
        byte[] time = Example.bytes("last_updated");
        return () -> bare.hmget(name, document, revision, time);
    }

    /** {@code PUBLISH}. */
    public static Caller publish(RedisClient bare, String channel, byte[] message) {
        byte[] name = Example.bytes(channel);
        return () -> bare.publish(name, message);
    }

    /** The command that the client ships, for a session of its own, without the client. */
    public static Caller shipped(BenchRedis redis, StateManager state, RedisClient bare) throws Exception {
        Session session = new Session(state, bare);
        CommandObject<Object> command = capture(redis, session).forJedis();
        return new Caller() {
            @Override
            public void call() {
                Object unused = bare.executeCommand(command);
                session.count(1);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    /** The command of an ordinary update: neither the first of the session, nor the second. */
    public static RedisCommand capture(BenchRedis redis, Session session) throws Exception {
        session.call();
        session.call();
        return ShippedCommand.of(redis, session.key(), session);
    }
}
