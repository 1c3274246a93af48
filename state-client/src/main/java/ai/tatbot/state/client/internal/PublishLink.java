package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.StreamEntry;

/**
 * The one connection of a publisher. For its sender's thread, but for {@link #abort()}.
 *
 * <p>Reads have a timeout; a write to a Redis that takes nothing has none, so a watchdog closes the connection under it.
 */
final class PublishLink {
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final int PAGE = 1_000;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Duration timeout;
    private final Set<Script> known = new HashSet<>();
    private final Thread watchdog;
    private int number;
    private volatile @Nullable Connection connection;
    private volatile long busySince;
    private volatile boolean ended;

    PublishLink(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
        Duration configured = redis.options().timeout();
        this.timeout = configured.compareTo(LONGEST) < 0 ? configured : LONGEST;
        this.watchdog = new Thread(this::watch, "tatbot-publisher-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    boolean isOpen() {
        return connection != null;
    }

    /** Number of the connection, from 1. */
    int number() {
        return number;
    }

    /** @throws StateException if there is no connection to be had */
    void open() {
        known.clear();
        try {
            connection = redis.open(timeout);
            number++;
        } catch (JedisException e) {
            throw redis.errors().notConnected("publishing", e);
        }
    }

    /** Puts a script into the pipeline. The first time on a connection with its text, lest Redis should not know it. */
    void send(Script script, List<byte[]> keys, List<byte[]> arguments) {
        send(script.command(!known.add(script), keys, arguments));
    }

    private void send(CommandArguments command) {
        busy();
        connected().sendCommand(command);
    }

    /** Sends what is in the pipeline, and waits for no answer. */
    void flush() {
        busy();
        List<Object> unused = connected().getMany(0);
        done();
    }

    /**
     * The next answer; everything is sent before that.
     *
     * @throws JedisDataException if it is an error
     */
    byte[] receive() {
        busy();
        try {
            return (byte[]) connected().getOne();
        } catch (JedisDataException e) {
            if (String.valueOf(e.getMessage()).startsWith("NOSCRIPT")) {
                known.clear();
            }
            throw e;
        } finally {
            done();
        }
    }

    private <T> T call(CommandObject<T> command) {
        busy();
        try {
            return connected().executeCommand(command);
        } finally {
            done();
        }
    }

    void ping() {
        try {
            call(RedisConnections.commands().ping());
        } catch (JedisDataException e) {
            if (!RedisErrors.cannotSave(e)) {
                throw e;
            }
        }
    }

    /** Reads what a key must know of the stored document before its next write over this connection; nothing if it knows. */
    void learn(PublishKey<?> key) {
        List<byte[]> wanted = key.wanted(number);
        if (wanted.isEmpty()) {
            return;
        }
        try {
            key.learn(number, read(key.key(), wanted));
        } catch (JedisDataException e) {
            Reason reason = redis.errors().answered("reading " + key.key(), e).reason();
            if (reason != Reason.INVALID && reason != Reason.DENIED) {
                throw e;
            }
            // As if nothing were there: the write itself says what is wrong.
            key.learn(number, Collections.nCopies(wanted.size(), null));
        }
    }

    private List<byte @Nullable []> read(Key<? extends Document> key, List<byte[]> fields) {
        return call(RedisConnections.commands().hmget(namespace.key(key), fields.toArray(byte[][]::new)));
    }

    /**
     * Id of the newest entry of the log; an id before all others if there is none.
     *
     * @throws JedisDataException if this user may not read it
     */
    String newestEntry() {
        List<StreamEntry> newest = call(RedisConnections.commands().xrevrange(log(), "+", "-", 1));
        return newest.isEmpty() ? "0-0" : newest.get(0).getID().toString();
    }

    /** Hands over the entries of the log behind this one, oldest first. */
    void entriesAfter(String id, Consumer<StreamEntry> consumer) {
        String from = id;
        List<StreamEntry> page;
        do {
            page = call(RedisConnections.commands().xrange(log(), "(" + from, "+", PAGE));
            for (StreamEntry entry : page) {
                consumer.accept(entry);
                from = entry.getID().toString();
            }
        } while (page.size() == PAGE);
    }

    private String log() {
        return text(namespace.key(Keys.eventsLog()));
    }

    private Connection connected() {
        Connection open = connection;
        if (open == null) {
            throw new StateException(Reason.UNAVAILABLE, "publishing: the connection is closed");
        }
        return open;
    }

    /** Writes or reads from now on. */
    private void busy() {
        busySince = Math.max(1, System.nanoTime() & Long.MAX_VALUE);
    }

    private void done() {
        busySince = 0;
    }

    /** Closes the connection, whatever is on its way. */
    void abort() {
        Connection open = connection;
        connection = null;
        busySince = 0;
        if (open != null) {
            disconnect(open);
        }
    }

    /** Closes it for good. */
    void end() {
        ended = true;
        abort();
        LockSupport.unpark(watchdog);
    }

    private void disconnect(Connection open) {
        try {
            open.forceDisconnect();
        } catch (IOException | JedisException e) {
            redis.report(new Problem(
                    Problem.Kind.DISCONNECTED, "publisher", "closing a connection failed: " + e.getMessage(), e));
        }
    }

    private void watch() {
        while (!ended) {
            long since = busySince;
            Connection open = connection;
            if (since != 0
                    && open != null
                    && (System.nanoTime() & Long.MAX_VALUE) - since > timeout.toNanos() + timeout.toNanos() / 2) {
                disconnect(open);
            }
            LockSupport.parkNanos(this, timeout.toNanos() / 2);
        }
    }
}
