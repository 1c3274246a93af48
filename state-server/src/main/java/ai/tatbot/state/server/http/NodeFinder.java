package ai.tatbot.state.server.http;

import ai.tatbot.state.client.Reaper;
import ai.tatbot.state.client.StateManager;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for older nodes every {@value #SECONDS} s, on a thread of its own. They enter no index themselves; once found, they are
 * in it, and the status has them. As soon as there is a connection it also runs a {@link Reaper}, which tells of those that die.
 */
final class NodeFinder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFinder.class);
    private static final long SECONDS = 10;

    private final RedisLink redis;
    private final ScheduledExecutorService thread;
    private @Nullable Reaper reaper;
    private boolean closed;

    /** Begins at once. */
    NodeFinder(RedisLink redis) {
        this.redis = redis;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "tatbot-node-finder");
            daemon.setDaemon(true);
            return daemon;
        });
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::find, 0, SECONDS, TimeUnit.SECONDS);
    }

    private void find() {
        try {
            redis.call(state -> {
                reap(state);
                return state.systemStatusOfAllNodes();
            });
        } catch (RuntimeException e) {
            // Whatever it is, the next look may find what this one did not.
            LOG.debug("older nodes not looked for: {}", e.getMessage());
        }
    }

    private synchronized void reap(StateManager state) {
        if (reaper == null && !closed) {
            reaper = Reaper.start(state);
        }
    }

    /** Ends it, a look under way too. */
    @Override
    public void close() {
        thread.shutdownNow();
        Reaper last;
        synchronized (this) {
            closed = true;
            last = reaper;
        }
        if (last != null) {
            last.close();
        }
    }
}
