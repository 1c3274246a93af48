package ai.tatbot.state.server.http;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import org.jspecify.annotations.Nullable;

/** The server's connection to Redis, made when it is first needed, so that the server starts while Redis is away. Thread-safe. */
final class RedisLink implements AutoCloseable {
    private final StateOptions options;
    private @Nullable StateManager connected;

    RedisLink(StateOptions options) {
        this.options = options;
    }

    /**
     * The connection. Once made it restores itself.
     *
     * @throws StateException if Redis does not answer, or lets this user not in
     */
    synchronized StateManager state() {
        if (connected == null) {
            connected = StateManager.connect(options);
        }
        return connected;
    }

    @Override
    public synchronized void close() {
        if (connected != null) {
            connected.close();
        }
    }
}
