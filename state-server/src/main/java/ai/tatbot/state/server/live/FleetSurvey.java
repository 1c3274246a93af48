package ai.tatbot.state.server.live;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every {@value #SECONDS} s, on a thread of its own, for what no event tells: older nodes, which enter no index themselves, but
 * are in it once found; and how Redis fares.
 */
final class FleetSurvey implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSurvey.class);
    private static final long SECONDS = 10;

    /** While Redis is away: soon after its return it is known who is there. */
    private static final long RETRY_MILLIS = 500;

    private long nextNanos = System.nanoTime();

    private final StateManager state;
    private final NodeBook nodes;
    private final ScheduledExecutorService thread;
    private volatile @Nullable SystemStatus last;

    /** Begins at once. */
    FleetSurvey(StateManager state, NodeBook nodes) {
        this.state = state;
        this.nodes = nodes;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "tatbot-survey");
            daemon.setDaemon(true);
            return daemon;
        });
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::look, 0, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        try {
            SystemStatus status = state.systemStatusOfAllNodes();
            nodes.surveyed(status);
            last = status;
            nextNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        } catch (RuntimeException e) {
            // Whatever it is, the next look may find what this one did not.
            LOG.debug("fleet not surveyed: {}", e.getMessage());
        }
    }

    /** The Redis that answered last; null if none has yet. */
    @Nullable
    RedisServer redis() {
        SystemStatus status = last;
        return status == null ? null : status.redis();
    }

    /** Ends it, a look under way too. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
