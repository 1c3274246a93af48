package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.health.HealthReporter;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats of the demo's nodes. Hog's are measured, as on any node. A process measures for one node only; the others are on the
 * same machine, so they repeat what hog's said last.
 */
final class DemoHeartbeats implements AutoCloseable {
    static final String EEK = "demo-eek";

    private static final Logger LOG = LoggerFactory.getLogger(DemoHeartbeats.class);
    private static final List<String> OTHERS = List.of(DemoOok.NODE, EEK);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Ticks from one heartbeat to the next. */
    private static final int TICKS = 10;

    private final StateManager state;
    private final HealthReporter hog;
    private final Ticker ticker;

    // Only the ticker's thread uses these.
    private int ticks;
    private boolean measured;

    /** Sends the first at once. */
    DemoHeartbeats(StateManager hogState, StateManager others) {
        this.state = others;
        this.hog = HealthReporter.start(hogState);
        this.ticker = new Ticker("heartbeats", TICK, this::beat);
    }

    private void beat() {
        ticks++;
        boolean isDue = ticks % TICKS == 1;
        if (!isDue && measured) {
            return;
        }
        try {
            Optional<NodeHealth> hogs = state.nodeHealth(DemoHog.NODE).map(Versioned::value);
            if (isDue || hogs.isPresent()) {
                send(hogs.orElseGet(() -> NodeHealth.builder()
                        .timestamp(WireTime.now())
                        .nodeId(DemoHog.NODE)
                        .build()));
            }
            measured |= hogs.isPresent();
        } catch (StateException e) {
            LOG.debug("heartbeats not sent: {}", e.getMessage());
        }
    }

    private void send(NodeHealth health) {
        for (String node : OTHERS) {
            Instant now = WireTime.now();
            state.updateNodeHealth(health.toBuilder()
                    .nodeId(node)
                    .timestamp(now)
                    .lastHeartbeat(now)
                    .build());
        }
    }

    @Override
    public void close() {
        ticker.close();
        hog.close();
        for (String node : OTHERS) {
            try {
                state.leave(node);
            } catch (StateException e) {
                LOG.debug("{} left without saying so: {}", node, e.getMessage());
            }
        }
    }
}
