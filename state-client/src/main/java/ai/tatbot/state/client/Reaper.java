package ai.tatbot.state.client;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.Reaping;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the fleet what the dead cannot tell, from one daemon thread:
 * <ul>
 *   <li>A session whose writer's lease has run out is ended as {@code interrupted}, at its stroke and pose. If the writer lives
 *       after all, its next update is refused.
 *   <li>A session of an older node that has been silent for {@link StateOptions#abandonedAfter()} is ended as {@code abandoned}. If
 *       that node writes again, the session goes on.
 *   <li>A node that has missed three heartbeats is {@code offline}. An older node, which sends one heartbeat only, is {@code
 *       online} when it is found in the index, and {@code silent} when its heartbeat has expired. Of its own node it says nothing.
 * </ul>
 *
 * <p>All is measured by Redis' clock. After an outage of Redis everyone is given the time to give a sign of life first. Each turn
 * is told once, however many reapers run, and whoever gives a sign of life at that moment wins. A {@code HealthReporter} runs one
 * by itself.
 *
 * <p>What Redis refuses is reported to {@link StateOptions#problemListener()} once; another node may have the right. Of whom it may
 * not tell, it does not try to tell again; where it may not even look, it looks once a minute. While Redis is away it goes on trying,
 * and reports nothing: heartbeats and subscriptions do. It ends by itself when its manager is closed.
 *
 * <p>Thread-safe.
 */
public final class Reaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    private final StateManager state;
    private final Reaping reaping;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private Reaper(StateManager state) {
        this.state = state;
        this.reaping = state.reaping();
        this.thread = new Thread(this::run, "tatbot-reaper-" + state.nodeId());
        thread.setDaemon(true);
    }

    /**
     * Starts one. Needs the rights to read all sessions and nodes, and to write what it tells.
     *
     * @param state stays the caller's to close, after the reaper
     */
    public static Reaper start(StateManager state) {
        Reaper reaper = new Reaper(state);
        reaper.thread.start();
        return reaper;
    }

    /** Stops. A look under way is waited for, at most as long as one call to Redis may take. */
    @Override
    public void close() {
        stop.countDown();
        if (Thread.currentThread() == thread) {
            return;
        }
        StateOptions options = state.options();
        try {
            thread.join(options.connectTimeout().plus(options.timeout()).toMillis() + 100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean away = false;
        do {
            try {
                reaping.look();
                away = false;
            } catch (StateException e) {
                if (e.reason() == Reason.CLOSED) {
                    return;
                }
                away = failed(e, away);
            } catch (RuntimeException | Error e) {
                reaping.report(
                        new StateException(Reason.INTERNAL, "looking for dead writers: " + e, e), "index:sessions");
            }
        } while (!stoppedWithin(reaping.pause().toNanos()));
    }

    /** @return whether Redis is away */
    private boolean failed(StateException e, boolean wasAway) {
        switch (e.reason()) {
            case UNAVAILABLE, TIMEOUT, BUSY -> {
                if (!wasAway) {
                    LOG.info("nobody is found dead for the time being: {}", e.getMessage());
                }
                return true;
            }
            default -> {
                reaping.report(e, "index:sessions");
                return false;
            }
        }
    }

    private boolean stoppedWithin(long nanos) {
        try {
            return stop.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts it but a problem listener that interrupts itself, which must not end it.
            return stop.getCount() == 0;
        }
    }

    @Override
    public String toString() {
        return "Reaper[node " + state.nodeId() + ", Redis " + state.options().address() + "]";
    }
}
