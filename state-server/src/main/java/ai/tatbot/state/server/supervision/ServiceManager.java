package ai.tatbot.state.server.supervision;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that started this process how it is, by the protocol of sd_notify(3): ready, alive every now and then,
 * stopping. Without one it does nothing. Thread-safe.
 */
public final class ServiceManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final @Nullable NotifySocket socket;
    private final long watchdogMicros;
    private final BooleanSupplier alive;
    private @Nullable ScheduledExecutorService watchdog;

    private ServiceManager(@Nullable NotifySocket socket, long watchdogMicros, BooleanSupplier alive) {
        this.socket = socket;
        this.watchdogMicros = watchdogMicros;
        this.alive = alive;
    }

    /**
     * The one that the environment names.
     *
     * @param environment with NOTIFY_SOCKET and WATCHDOG_USEC, where there is one
     * @param alive whether the server does its work; asked on a thread of its own, and may take a while: as long as it does not
     *     answer, nothing is told, and in the end the manager starts the process anew
     */
    public static ServiceManager of(Map<String, String> environment, BooleanSupplier alive) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (path.isEmpty()) {
            return new ServiceManager(null, 0, alive);
        }
        try {
            return new ServiceManager(
                    new NotifySocket(path), Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")), alive);
        } catch (IllegalArgumentException e) {
            LOG.warn("the service manager will not be told of this server: {}", e.getMessage());
            return new ServiceManager(null, 0, alive);
        }
    }

    /** The server is ready. From now on it is watched, if the manager asked for it. */
    public synchronized void ready() {
        send("READY=1");
        if (socket != null && watchdogMicros > 0 && watchdog == null) {
            watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "service-watchdog");
                thread.setDaemon(true);
                return thread;
            });
            // Three times, so that one that is late costs nothing.
            long every = Math.max(1, watchdogMicros / 3);
            Future<?> unused = watchdog.scheduleWithFixedDelay(this::look, 0, every, TimeUnit.MICROSECONDS);
        }
    }

    private void look() {
        boolean well;
        try {
            well = alive.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.error("whether this server is alive cannot be told", e);
            well = false;
        }
        if (well) {
            send("WATCHDOG=1");
        } else {
            LOG.error(
                    "this server does no work; the service manager is not told that it is alive, and will start it anew");
        }
    }

    private void send(String message) {
        if (socket != null) {
            try {
                socket.send(message);
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    /** The server stops. */
    @Override
    public synchronized void close() {
        if (watchdog != null) {
            watchdog.shutdownNow();
        }
        send("STOPPING=1");
    }
}
