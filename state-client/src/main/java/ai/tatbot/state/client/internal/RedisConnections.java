package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connections to one Redis: pooled ones for calls, single ones for subscriptions. Thread-safe.
 *
 * <p>A call is repeated only as its {@link Safety} allows; what fails comes out as a {@link StateException}.
 */
public final class RedisConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

    /** RESP2: subscriptions need it, and calls save the negotiation. */
    private static final RedisProtocol PROTOCOL = RedisProtocol.RESP2;

    private static final CommandObjects COMMANDS = new CommandObjects(PROTOCOL);

    private final StateOptions options;
    private final HostAndPort address;
    private final ConnectionPool pool;
    private final RedisErrors errors;
    private final Backoff backoff;
    private final AtomicLong lastSeq = new AtomicLong();
    private volatile boolean closed;

    public RedisConnections(StateOptions options) {
        this.options = options;
        this.address = new HostAndPort(options.host(), options.port());
        this.errors = new RedisErrors(options.address());
        this.backoff = new Backoff(options.retryDelay(), options.maxRetryDelay());
        ConnectionPoolConfig poolConfig = new ConnectionPoolConfig();
        poolConfig.setMaxTotal(options.maxConnections());
        poolConfig.setMaxIdle(options.maxConnections());
        poolConfig.setMaxWait(options.timeout());
        poolConfig.setJmxEnabled(false);
        // Dead connections are found between calls, so that a call seldom meets one.
        poolConfig.setTestWhileIdle(true);
        poolConfig.setTimeBetweenEvictionRuns(Duration.ofSeconds(1));
        poolConfig.setNumTestsPerEvictionRun(options.maxConnections());
        poolConfig.setMinEvictableIdleDuration(Duration.ofMinutes(1));
        this.pool = new ConnectionPool(address, config(options.timeout()), poolConfig);
    }

    /** Highest number in {@code events:log} that was given to a writer here, 0 for none; by it a log that was lost is noticed. */
    long lastSeq() {
        return lastSeq.get();
    }

    /** A transition was logged. */
    void given(Logged logged) {
        lastSeq.accumulateAndGet(logged.seq(), Math::max);
    }

    static CommandObjects commands() {
        return COMMANDS;
    }

    StateOptions options() {
        return options;
    }

    RedisErrors errors() {
        return errors;
    }

    /** Tells the program of a problem. A problem listener that throws stops nothing. */
    public void report(Problem problem) {
        try {
            options.problemListener().accept(problem);
        } catch (Throwable e) {
            LOG.warn("the problem listener threw when it was told: {}", problem, e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Asks whether Redis answers. */
    public void ping() {
        call("connecting", Safety.READ, COMMANDS.ping());
    }

    /** Drops the connections that nobody uses now: whoever has seen one die knows that its siblings are dead, too. */
    void dropIdle() {
        pool.clear();
    }

    /** A connection outside the pool, whose reads end after this time without a byte. */
    Connection open(Duration readTimeout) {
        return new Connection(address, config(readTimeout));
    }

    /**
     * Runs a command.
     *
     * @param what what it does and to what, to begin a message with
     */
    <T> T call(String what, Safety safety, CommandObject<T> command) {
        return run(what, safety, connection -> connection.executeCommand(command));
    }

    /** Borrows a connection, sends something on it and reads the answer. */
    <T> T run(String what, Safety safety, Function<Connection, T> action) {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= options.retryAttempts();
            StateException failure;
            boolean repeatable;
            Connection connection = null;
            try {
                connection = borrow();
                return action.apply(connection);
            } catch (JedisDataException e) {
                failure = errors.answered(what, e);
                repeatable = failure.reason() == Reason.BUSY && safety == Safety.READ;
            } catch (JedisException e) {
                if (connection == null) {
                    failure = errors.notConnected(what, e);
                    repeatable = safety == Safety.READ && failure.reason() == Reason.UNAVAILABLE;
                } else if (e instanceof JedisConnectionException broken) {
                    failure = errors.broken(what, broken, safety != Safety.READ);
                    // Its siblings in the pool are most likely dead too; the repeated call shall get a new one.
                    pool.clear();
                    repeatable = failure.reason() == Reason.UNAVAILABLE && safety != Safety.ONCE;
                } else {
                    failure = new StateException(Reason.INTERNAL, what + ": " + e.getMessage(), e);
                    repeatable = false;
                }
            } finally {
                release(connection);
            }
            if (!repeatable || last) {
                throw failure;
            }
            pause(what, attempt, failure);
        }
    }

    private Connection borrow() {
        if (closed) {
            throw closedException();
        }
        return pool.getResource();
    }

    static StateException closedException() {
        return new StateException(
                Reason.CLOSED, "this StateManager is closed; make a new one with StateManager.connect");
    }

    private static void release(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (JedisException e) {
            // The pool replaces a broken connection at once, which fails while Redis is away; the call's own failure
            // counts.
            LOG.debug("a broken connection was not replaced: {}", e.getMessage());
        }
    }

    private void pause(String what, int attempt, StateException failure) {
        try {
            Thread.sleep(backoff.before(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            throw new StateException(
                    failure.reason(),
                    what + ": interrupted while waiting to try again; " + failure.getMessage(),
                    failure);
        }
    }

    private JedisClientConfig config(Duration readTimeout) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .protocol(PROTOCOL)
                .autoNegotiateProtocol(false)
                .connectionTimeoutMillis(millis(options.connectTimeout()))
                .socketTimeoutMillis(millis(readTimeout))
                .blockingSocketTimeoutMillis(millis(readTimeout))
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .database(options.database());
        if (options.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        options.username().ifPresent(config::user);
        options.password().ifPresent(password -> config.password(password.reveal()));
        return config.build();
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, duration.toMillis());
    }

    @Override
    public void close() {
        closed = true;
        pool.close();
    }

    /** What may be repeated when it is not known whether it was done. */
    enum Safety {
        /** Changes nothing. */
        READ,
        /** Doing it twice leaves the same state as doing it once. */
        IDEMPOTENT,
        /** Doing it twice would tell something twice. */
        ONCE
    }
}
