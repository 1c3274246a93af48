package ai.tatbot.state.client.health;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.Reaper;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the health of this node and sends it as its heartbeat: at once, and then every {@link
 * StateOptions#heartbeatInterval()}, from one daemon thread. At most one runs in a process.
 *
 * <p>What the figures mean:
 * <ul>
 *   <li>CPU: load of all cores since the heartbeat before; for the first one, over a tenth of a second. (With that, and with
 *       opening OSHI, the first heartbeat comes some tenths of a second after the start.)
 *   <li>Memory: what is not available to programs. Disk: what is in use on the volume of the working directory.
 *   <li>GPU: the one with the most memory among those that can be read. None can be read: {@code gpu_available} is false. A
 *       figure that cannot be read is absent, such as the load of an NVIDIA card on Linux.
 *   <li>{@code software_version}: as {@link Builder#softwareVersion(String)} has it.
 *   <li>{@code ping_latency_ms}: how long the heartbeat before took to be stored, one round trip. Absent in the first one,
 *       and in the first one after a failure.
 * </ul>
 *
 * <p>A heartbeat that cannot be sent is reported to {@link StateOptions#problemListener()} once, until one succeeds again;
 * and it goes on trying at its interval. If measuring fails, that is reported in the same way, and heartbeats go out with
 * zeros for what was not measured: the node is alive all the same. It ends by itself when its manager is closed.
 *
 * <p>It tells the fleet when the node comes, and when it leaves; and beside it runs a {@link Reaper}, so that the living nodes
 * tell of those that die, unless {@link StateOptions#reaping()} says no.
 *
 * <p>Thread-safe.
 */
public final class HealthReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthReporter.class);
    private static final AtomicReference<@Nullable HealthReporter> RUNNING = new AtomicReference<>();

    private final StateManager state;
    /** What is the same in every heartbeat. */
    private final NodeHealth constant;

    private final Instant startedAt = Instant.now();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    /** Whether the last heartbeat was stored, so that there is something to take leave of. */
    private volatile boolean stored;

    private volatile @Nullable Reaper reaper;

    // Only the thread uses these.
    private @Nullable SystemMeter meter;
    private @Nullable Double lastRoundTripMs;
    private Problem.@Nullable Kind sendingReported;
    private boolean measuringReported;

    private HealthReporter(StateManager state, NodeHealth constant) {
        this.state = state;
        this.constant = constant;
        this.thread = new Thread(this::run, "tatbot-health-" + state.nodeId());
        thread.setDaemon(true);
        // OSHI looks for its parts through this loader; the starter's may not know them, and would be kept alive.
        thread.setContextClassLoader(HealthReporter.class.getClassLoader());
    }

    /**
     * Starts reporting the health of the manager's node.
     *
     * @param state stays the caller's to close, after the reporter
     * @throws IllegalStateException if one runs already in this process, or OSHI is not on the class path
     */
    public static HealthReporter start(StateManager state) {
        return builder(state).start();
    }

    /** A reporter with more to say than what is measured. */
    public static Builder builder(StateManager state) {
        return new Builder(state);
    }

    private static HealthReporter start(StateManager state, NodeHealth constant) {
        requireOshi();
        HealthReporter reporter = new HealthReporter(state, constant);
        HealthReporter running = RUNNING.compareAndExchange(null, reporter);
        if (running != null) {
            throw new IllegalStateException(running + " already runs in this process; close it first");
        }
        if (state.options().reaping()) {
            reporter.reaper = Reaper.start(state);
        }
        reporter.thread.start();
        return reporter;
    }

    private static void requireOshi() {
        try {
            Class.forName("oshi.spi.SystemInfoFactory", false, HealthReporter.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "HealthReporter needs com.github.oshi:oshi-core on the class path; add it, or send NodeHealth yourself"
                            + " with updateNodeHealth",
                    e);
        }
    }

    /**
     * Stops, and tells the fleet that the node is offline. No heartbeat begins any more; one under way is waited for, at most as
     * long as one call to Redis may take. If Redis is away the others find out by the heartbeats that do not come.
     */
    @Override
    public void close() {
        stop.countDown();
        if (Thread.currentThread() == thread) {
            return;
        }
        // Cuts short a wait for a connection, or before a repetition; a write under way is not disturbed.
        thread.interrupt();
        StateOptions options = state.options();
        try {
            thread.join(options.connectTimeout().plus(options.timeout()).toMillis() + 100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leave();
        RUNNING.compareAndSet(this, null);
    }

    private void leave() {
        Reaper beside = reaper;
        if (beside != null) {
            beside.close();
        }
        if (stored) {
            stored = false;
            try {
                state.leave(state.nodeId());
            } catch (StateException e) {
                LOG.info("{} left without saying so: {}", state.nodeId(), e.getMessage());
            }
        }
    }

    private void run() {
        try {
            long interval = state.options().heartbeatInterval().toNanos();
            long next = System.nanoTime();
            do {
                beat();
                next += interval;
                if (next - System.nanoTime() < 0) {
                    // An outage took longer than the interval: those missed are not made up for.
                    next = System.nanoTime() + interval;
                }
            } while (!stoppedWithin(next - System.nanoTime()));
        } finally {
            if (meter != null) {
                meter.close();
            }
            RUNNING.compareAndSet(this, null);
        }
    }

    private boolean stoppedWithin(long nanos) {
        try {
            return stop.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Only close() interrupts, or a listener that interrupts itself, which must not end the heartbeat.
            return isStopped();
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void beat() {
        NodeHealth.Builder health = constant.toBuilder();
        measure(health);
        if (!isStopped()) {
            send(health);
        }
    }

    private void measure(NodeHealth.Builder health) {
        try {
            if (meter == null) {
                meter = new SystemMeter();
            }
            SystemMeter.Reading reading = meter.measure();
            health.cpuPercent(reading.cpuPercent())
                    .memoryPercent(reading.memoryPercent())
                    .diskPercent(reading.diskPercent())
                    .gpuAvailable(reading.gpuAvailable())
                    .gpuPercent(reading.gpuPercent())
                    .gpuMemoryPercent(reading.gpuMemoryPercent());
            measuringReported = false;
        } catch (RuntimeException | Error e) {
            if (!measuringReported) {
                measuringReported = true;
                report(
                        Problem.Kind.SIDE_EFFECT_FAILED,
                        "health cannot be measured: " + e + "; heartbeats go out without it",
                        e);
            }
        }
    }

    private void send(NodeHealth.Builder health) {
        try {
            Instant now = WireTime.now();
            health.timestamp(now).lastHeartbeat(now).pingLatencyMs(lastRoundTripMs);
            lastRoundTripMs = null;
            long begin = System.nanoTime();
            stored = false;
            state.updateNodeHealth(health.build());
            stored = true;
            lastRoundTripMs = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin) / 1_000.0;
            if (sendingReported != null) {
                sendingReported = null;
                LOG.info("heartbeats of {} are stored again", state.nodeId());
            }
        } catch (StateException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            report(Problem.Kind.SIDE_EFFECT_FAILED, e);
        }
    }

    private void failed(StateException e) {
        switch (e.reason()) {
            case CLOSED -> {
                LOG.info("{} ends: its StateManager is closed", this);
                stop.countDown();
            }
            case UNAVAILABLE, TIMEOUT, BUSY -> report(Problem.Kind.DISCONNECTED, e);
            default -> report(Problem.Kind.SIDE_EFFECT_FAILED, e);
        }
    }

    private void report(Problem.Kind kind, Throwable failure) {
        // What was an outage may become a refusal, which is another thing to put right.
        if (sendingReported != kind && !isStopped()) {
            sendingReported = kind;
            Duration interval = state.options().heartbeatInterval();
            report(
                    kind,
                    "heartbeat not sent: " + failure.getMessage() + "; it is tried again every " + interval.toMillis()
                            + " ms",
                    failure);
        }
    }

    private void report(Problem.Kind kind, String message, Throwable cause) {
        try {
            state.options()
                    .problemListener()
                    .accept(new Problem(kind, Keys.nodeHealth(state.nodeId()).name(), message, cause));
        } catch (RuntimeException | Error e) {
            LOG.warn("the problem listener failed on: {}", message, e);
        }
    }

    /** Says which node, which Redis, since when. */
    @Override
    public String toString() {
        return "HealthReporter[node " + state.nodeId() + ", Redis "
                + state.options().address() + ", since " + startedAt + "]";
    }

    /** Builds a {@link HealthReporter}. Not thread-safe. */
    public static final class Builder {
        private final StateManager state;
        private final NodeHealth.Builder constant;

        private Builder(StateManager state) {
            this.state = state;
            this.constant = NodeHealth.builder().nodeId(state.nodeId()).softwareVersion(SoftwareVersion.ofThis());
        }

        /**
         * Says in every heartbeat which version of the application this is. Without it: the version of this client.
         *
         * @param version at most 64 characters
         */
        public Builder softwareVersion(String version) {
            constant.softwareVersion(version);
            return this;
        }

        /**
         * Says in every heartbeat that this node's MCP server is up.
         *
         * @param port its TCP port, 1 to 65535
         */
        public Builder mcpServer(int port) {
            constant.mcpServerRunning(true).mcpPort(port);
            return this;
        }

        /**
         * Starts it.
         *
         * @throws ai.tatbot.state.model.InvalidValueException if the port is out of its range, or the version too long
         * @throws IllegalStateException if one runs already in this process, or OSHI is not on the class path
         */
        public HealthReporter start() {
            return HealthReporter.start(state, constant.build());
        }
    }
}
