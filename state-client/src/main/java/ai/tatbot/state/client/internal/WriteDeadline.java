package ai.tatbot.state.client.internal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Ends a write that takes too long, since Java has no deadline for one: a Redis that is frozen takes what fits into the buffers of the
 * network, and nothing more. Closes the connection under it.
 */
final class WriteDeadline {
    private static final Logger LOG = LoggerFactory.getLogger(WriteDeadline.class);

    /** A write of many commands may go on for longer than Redis may be silent, over a slow path. */
    private static final int TIMES = 3;

    private final Connection connection;
    private final AtomicReference<State> state = new AtomicReference<>(State.WRITING);

    private WriteDeadline(Connection connection) {
        this.connection = connection;
    }

    /** Begins: some times as long as a read may wait. */
    static WriteDeadline begin(Connection connection) {
        WriteDeadline deadline = new WriteDeadline(connection);
        long millis = (long) TIMES * connection.getSoTimeout();
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(deadline::reach);
        return deadline;
    }

    /** @throws JedisConnectionException if it was too late, and the connection is closed */
    void written() {
        if (!state.compareAndSet(State.WRITING, State.WRITTEN)) {
            throw new JedisConnectionException("Redis took nothing for too long");
        }
    }

    private void reach() {
        if (state.compareAndSet(State.WRITING, State.LATE)) {
            try {
                connection.forceDisconnect();
            } catch (IOException | JedisException e) {
                LOG.debug("closing a connection failed", e);
            }
        }
    }

    private enum State {
        WRITING,
        WRITTEN,
        LATE
    }
}
