package ai.tatbot.state.server.live;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.model.Keys;
import java.util.List;
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
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long LOOK_MILLIS = 100;

    private long nextNanos = System.nanoTime();

    private final StateManager state;
    private final StateMirror mirror;
    private final NodeBook nodes;
    private final ScheduledExecutorService thread;
    private volatile @Nullable SystemStatus last;
    private volatile @Nullable List<KeyContents.Entry> logBefore;

    /** Begins at once. */
    FleetSurvey(StateManager state, StateMirror mirror, NodeBook nodes) {
        this.state = state;
        this.mirror = mirror;
        this.nodes = nodes;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "tatbot-survey");
            daemon.setDaemon(true);
            return daemon;
        });
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (logBefore == null && mirror.status().asOf() != null) {
            readLog();
        }
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
            nextNanos = System.nanoTime() + RETRY_NANOS;
        }
    }

    /** Once, and after the watch has begun: what is later the watch tells, and what is in both is known by its id. */
    private void readLog() {
        try {
            logBefore = state.contents(Keys.eventsLog(), LiveFleet.MOST_LOGGED)
                    .map(KeyContents::entries)
                    .orElse(List.of());
        } catch (StateException e) {
            LOG.debug("{}", e.getMessage());
            if (e.reason() == Reason.DENIED || e.reason() == Reason.INVALID) {
                // It will not be better next time.
                logBefore = List.of();
            }
        }
    }

    /** The last transitions of {@code events:log} when this process began; null while they are not known. */
    @Nullable
    List<KeyContents.Entry> logBefore() {
        return logBefore;
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
