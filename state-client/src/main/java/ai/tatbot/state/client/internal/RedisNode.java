package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** One Redis server, and the connections to it. Thread-safe. */
final class RedisNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);

    private final Address address;
    private final Connector connector;
    private final RedisErrors errors;
    private final Acquaintance acquaintance = new Acquaintance(System::nanoTime);
    private final ConnectionPool pool;

    /**
     * The connection that was given back last, ready for the next call without the pool's locks and lists, which cost a call more than
     * sending does. It returns to the pool every second, to be tested with the others.
     */
    private final AtomicReference<@Nullable Connection> spare = new AtomicReference<>();

    private volatile boolean closed;
    private final Set<Connection> singles = ConcurrentHashMap.newKeySet();
    private volatile boolean left;

    /** Whether it may no longer be the primary. */
    private volatile boolean doubted;

    RedisNode(Address address, Connector connector, StateOptions options) {
        this.address = address;
        this.connector = connector;
        this.errors = new RedisErrors(address.toString());
        ConnectionPoolConfig config = new ConnectionPoolConfig();
        config.setMaxTotal(options.maxConnections());
        config.setMaxIdle(options.maxConnections());
        config.setMaxWait(options.timeout());
        config.setJmxEnabled(false);
        // Dead connections are found between calls, so that a call seldom meets one.
        config.setTestWhileIdle(true);
        config.setTimeBetweenEvictionRuns(Duration.ofSeconds(1));
        config.setNumTestsPerEvictionRun(options.maxConnections());
        config.setMinEvictableIdleDuration(Duration.ofMinutes(1));
        this.pool = new Pool(new Factory(options.timeout()), config);
    }

    Address address() {
        return address;
    }

    RedisErrors errors() {
        return errors;
    }

    /** A connection for one call, to be given back. */
    Connection borrow() {
        Connection connection = spare.get() == null ? null : spare.getAndSet(null);
        return connection == null ? pool.getResource() : connection;
    }

    /**
     * Takes back a connection that was borrowed; closes it if it is broken.
     *
     * @throws JedisException if that leaves the pool in need of another one, and there is none
     */
    void giveBack(Connection connection) {
        // A call that waits for a connection waits in the pool, which it does not before all are in use.
        boolean pooled = connection.isBroken() || pool.getNumActive() >= pool.getMaxTotal();
        if (pooled || !spare.compareAndSet(null, connection)) {
            connection.close();
        } else if (closed) {
            poolSpare();
        }
    }

    private void poolSpare() {
        Connection connection = spare.getAndSet(null);
        if (connection != null) {
            connection.close();
        }
    }

    /** A connection outside the pool, whose reads end after this time without a byte. */
    Connection open(Duration readTimeout) {
        Connection connection = connect(readTimeout);
        singles.removeIf(Connection::isBroken);
        singles.add(connection);
        if (left) {
            cut(connection);
        }
        return connection;
    }

    private Connection connect(Duration readTimeout) {
        try {
            Connection connection = connector.connect(address, connector.redis(), readTimeout);
            acquaintance.met();
            return connection;
        } catch (NoConnectionException e) {
            throw acquaintance.judge(e);
        } catch (RuntimeException e) {
            acquaintance.missed();
            throw e;
        }
    }

    /** Closes the connections that are not in use. */
    void closeIdle() {
        poolSpare();
        pool.clear();
    }

    boolean isDoubted() {
        return doubted;
    }

    void doubt(boolean whether) {
        doubted = whether;
    }

    /** For a server that is the primary no more: its subscriptions end too, for nothing is published there any longer. */
    void leave() {
        left = true;
        close();
        singles.forEach(RedisNode::cut);
    }

    private static void cut(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException e) {
            LOG.debug("closing a connection failed: {}", e.getMessage());
        }
    }

    /** Closes the idle connections; each one in use is closed when it is given back. */
    @Override
    public void close() {
        closed = true;
        pool.close();
        poolSpare();
    }

    /** Tests every second what nobody uses; the spare connection belongs to that. */
    private final class Pool extends ConnectionPool {
        Pool(Factory factory, ConnectionPoolConfig config) {
            super(factory, config);
        }

        @Override
        public void evict() throws Exception {
            poolSpare();
            super.evict();
        }
    }

    private final class Factory extends ConnectionFactory {
        private final Duration readTimeout;

        Factory(Duration readTimeout) {
            super(new HostAndPort(address.host(), address.port()));
            this.readTimeout = readTimeout;
        }

        @Override
        public PooledObject<Connection> makeObject() {
            return new DefaultPooledObject<>(connect(readTimeout));
        }

        /** As Jedis does it, but without a page in the log for every idle connection that an outage has cost. */
        @Override
        public boolean validateObject(PooledObject<Connection> pooled) {
            Connection connection = pooled.getObject();
            try {
                return connection.isConnected() && connection.ping();
            } catch (JedisDataException e) {
                return RedisErrors.cannotSave(e);
            } catch (RuntimeException e) {
                LOG.debug("an idle connection to {} is dead: {}", address, e.getMessage());
                return false;
            }
        }
    }
}
