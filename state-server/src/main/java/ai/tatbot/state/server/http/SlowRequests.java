package ai.tatbot.state.server.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off connections on which a request's headers do not arrive in time, however many bytes come meanwhile: an idle timeout
 * alone begins anew at each byte. The first request of a connection counts from its opening, TLS included.
 */
final class SlowRequests extends AbstractLifeCycle implements Connection.Listener {
    private static final long LOOK_MILLIS = 500;

    private final Scheduler scheduler;
    private final long mostNanos;
    private final ConcurrentMap<Connection, Seen> connections = new ConcurrentHashMap<>();
    private volatile Scheduler.@Nullable Task next;

    /** @param mostMillis how long the headers of a request may take */
    SlowRequests(Scheduler scheduler, long mostMillis) {
        this.scheduler = scheduler;
        this.mostNanos = TimeUnit.MILLISECONDS.toNanos(mostMillis);
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            connections.put(connection, new Seen(System.nanoTime()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    private void schedule() {
        next = scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        connections.forEach((connection, seen) -> {
            if (now - seen.waitingSince(connection, now) > mostNanos) {
                connection.getEndPoint().close();
            }
        });
        if (isRunning()) {
            schedule();
        }
    }

    /** What a connection was at when it was looked at last. Used by one thread at a time. */
    private static final class Seen {
        private long messagesIn;
        private long messagesOut;
        private long bytesIn;
        private long since;

        Seen(long opened) {
            this.since = opened;
        }

        /** Since when a request is arriving; now if none is. */
        long waitingSince(Connection connection, long now) {
            long in = connection.getMessagesIn();
            long out = connection.getMessagesOut();
            long bytes = connection.getBytesIn();
            boolean turned = in != messagesIn || out != messagesOut;
            boolean handling = in > out;
            boolean idle = in > 0 && bytes == bytesIn;
            if (turned || handling || idle) {
                messagesIn = in;
                messagesOut = out;
                bytesIn = bytes;
                since = now;
            }
            return since;
        }
    }
}
