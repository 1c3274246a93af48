package ai.tatbot.state.server.http.guard;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * After the answer, reads on what the client still sends, for a moment. To close the connection at once would make the client's
 * system throw away the answer before the client has read it.
 */
final class Drain implements Callback {
    private static final long MOST_BYTES = 16L << 20;
    private static final long MOST_MILLIS = 2_000;

    private final Request request;
    private final Callback callback;
    private final AtomicBoolean over = new AtomicBoolean();
    private long bytes;
    private Scheduler.Task limit = () -> true;

    Drain(Request request, Callback callback) {
        this.request = request;
        this.callback = callback;
    }

    @Override
    public void succeeded() {
        limit = request.getComponents().getScheduler().schedule(this::end, MOST_MILLIS, TimeUnit.MILLISECONDS);
        read();
    }

    @Override
    public void failed(Throwable cause) {
        callback.failed(cause);
    }

    private void read() {
        while (!over.get()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this::read);
                return;
            }
            bytes += chunk.remaining();
            boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk);
            chunk.release();
            if (last || bytes > MOST_BYTES) {
                limit.cancel();
                end();
            }
        }
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            callback.succeeded();
        }
    }
}
