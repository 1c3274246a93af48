package ai.tatbot.state.server.http;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server's connection to Redis, made when it is first needed, so that the server starts while Redis is away. Only so many
 * calls wait for Redis at a time, so that a Redis that does not answer never holds all of the server's threads. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
    /** Far fewer than the server has threads. */
    private static final int MOST_CALLS = 8;

    /** How long a call waits for its turn while Redis is well. */
    private static final long PATIENCE_MILLIS = 400;

    private final StateOptions options;
    private final Semaphore connecting = new Semaphore(1);
    private final Semaphore calling = new Semaphore(MOST_CALLS);
    private volatile @Nullable StateManager connected;
    private volatile @Nullable StateException failure;
    private boolean closed;

    RedisLink(StateOptions options) {
        this.options = options;
    }

    /**
     * Calls Redis; connects before, if that has not been done. The connection restores itself. One caller at a time connects,
     * and a few call. The others wait for a moment, or not at all after a failure, but are told of it.
     *
     * @throws StateException if Redis does not answer, or lets this user not in
     */
    <T> T call(Function<StateManager, T> call) {
        Semaphore turns = connected == null ? connecting : calling;
        await(turns);
        try {
            T result = call.apply(state());
            failure = null;
            return result;
        } catch (StateException e) {
            failure = e;
            throw e;
        } finally {
            turns.release();
        }
    }

    private void await(Semaphore turns) {
        if (turns.tryAcquire()) {
            return;
        }
        try {
            if (failure == null && turns.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(Reason.INTERRUPTED, "interrupted while waiting for Redis", e);
        }
        StateException last = failure;
        if (last == null) {
            last = new StateException(
                    Reason.UNAVAILABLE, "Redis at " + options.address() + " has not answered earlier requests yet");
            failure = last;
        }
        throw new StateException(last.reason(), String.valueOf(last.getMessage()), last);
    }

    /** To be called by one thread at a time until there is a connection. */
    private StateManager state() {
        StateManager already = connected;
        if (already != null) {
            return already;
        }
        StateManager made = StateManager.connect(options);
        synchronized (this) {
            if (closed) {
                made.close();
                throw new StateException(Reason.CLOSED, "the server is closed");
            }
            connected = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        StateManager state = connected;
        if (state != null) {
            state.close();
        }
    }
}
