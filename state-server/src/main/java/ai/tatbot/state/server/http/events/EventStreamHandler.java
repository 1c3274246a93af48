package ai.tatbot.state.server.http.events;

import ai.tatbot.state.server.http.OperationProblems;
import ai.tatbot.state.server.http.Problem;
import ai.tatbot.state.server.http.metrics.RequestMeter;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.OperationException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers {@code GET /api/v1/events}; all else goes to the next handler. No thread waits for a client: writes are asynchronous, straight
 * to its connection.
 */
public final class EventStreamHandler extends Handler.Wrapper implements AutoCloseable {
    /** Where it is. */
    public static final String PATH = "/api/v1/events";

    private final LiveFleet fleet;
    private final StreamPermits permits;
    private final StreamMeter meter;
    private final Beginnings beginnings;
    private final Broadcaster broadcaster;

    /** Gives leave to open streams. */
    @FunctionalInterface
    public interface StreamPermits {
        /** Empty if the caller has as many streams as it may have. */
        Optional<Permit> open(Request request);
    }

    /** Leave to have one stream. */
    public interface Permit {
        /** Whether the stream may go on. */
        boolean isValid();

        /** The stream is over. */
        void close();
    }

    public EventStreamHandler(LiveFleet fleet, StreamPermits permits, StreamMeter meter) {
        this.fleet = fleet;
        this.permits = permits;
        this.meter = meter;
        Frames frames = new Frames(fleet.instance());
        this.beginnings = new Beginnings(fleet, frames);
        this.broadcaster = new Broadcaster(fleet, frames, beginnings, meter);
    }

    /** How many clients listen. */
    public int clients() {
        return broadcaster.size();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!request.getMethod().equals("GET")
                || !Request.getPathInContext(request).equals(PATH)) {
            return super.handle(request, response, callback);
        }
        request.setAttribute(RequestMeter.ROUTE, PATH);
        Subscription subscription;
        try {
            subscription = Subscription.read(
                    Request.extractQueryParameters(request),
                    request.getHeaders().get("Last-Event-ID"));
        } catch (OperationException e) {
            refuse(OperationProblems.of(e), request, response, callback);
            return true;
        }
        Optional<Permit> permit = permits.open(request);
        if (permit.isEmpty()) {
            response.getHeaders().put("Retry-After", "5");
            Problem problem = new Problem(
                    429, "too_many_streams", "this caller has as many event streams as it may have; close one");
            refuse(problem, request, response, callback);
            return true;
        }
        open(subscription, permit.get(), response, callback);
        return true;
    }

    private static void refuse(Problem problem, Request request, Response response, Callback callback) {
        request.setAttribute(Problem.ATTRIBUTE, problem.code());
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(problem.bytes()), callback);
    }

    private void open(Subscription subscription, Permit permit, Response response, Callback callback) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        // Proxies such as nginx keep back what they think is not worth sending yet.
        response.getHeaders().put("X-Accel-Buffering", "no");
        boolean possible = beginnings.isPossible();
        Payload beginning = possible
                ? beginnings.of(subscription)
                : new Payload(beginnings.waiting(), fleet.changes().head());
        AtomicReference<EventStream> self = new AtomicReference<>();
        BooleanSupplier allowed = permit::isValid;
        EventStream stream =
                new EventStream(response, callback, subscription, beginning.cursor(), allowed, this::written, () -> {
                    permit.close();
                    EventStream ended = self.get();
                    if (ended != null) {
                        broadcaster.remove(ended);
                    }
                });
        self.set(stream);
        stream.awaited = possible ? null : subscription;
        stream.lastStatusNanos = System.nanoTime();
        stream.dueNanos = System.nanoTime();
        stream.write(beginning.bytes(), System.nanoTime());
        broadcaster.add(stream);
        if (stream.isOver()) {
            broadcaster.remove(stream);
        }
    }

    private void written(int bytes) {
        meter.written(bytes);
        broadcaster.wake();
    }

    /** Says goodbye to everyone. */
    @Override
    public void close() {
        broadcaster.close();
    }
}
