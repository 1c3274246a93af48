package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.client.StateOptions;
import redis.clients.jedis.Jedis;

/** A real Redis that can be put through real faults, whatever it runs in. Ends when it is closed. */
public interface RedisUnderTest extends AutoCloseable {
    /** What it runs in, such as {@code process}. */
    String kind();

    /** Port on loopback; stays the same when it is started again. */
    int port();

    /** Options that reach it, as the default user. */
    StateOptions.Builder options();

    /** A plain connection, for looking behind the client's back. Yours to close. */
    Jedis jedis();

    /** Ends it at once, like a power cut. */
    void kill();

    /** Stops it from answering while its connections stay open. */
    void freeze();

    /** Lets it go on. */
    void thaw();

    /** Starts it again after {@link #kill()}, with what data it has saved; waits until it answers. */
    void restart();

    /** Starts it again after {@link #kill()}, without data; waits until it answers. */
    void restartEmpty();

    @Override
    void close();
}
