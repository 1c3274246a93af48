package ai.tatbot.state.server.http.guard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body as a whole before anything handles it, so that a slow sender holds no thread. It must be complete in time, and
 * neither it nor all bodies together may be too large.
 */
final class Body {
    private static final long MOST_MILLIS = 10_000;

    private final Request request;
    private final int largest;
    private final BodyBudget budget;
    private final Consumer<byte[]> whole;
    private final Consumer<Refusal> refused;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean over = new AtomicBoolean();
    private Scheduler.Task limit = () -> true;

    /**
     * @param largest bytes
     * @param whole gets it, once; gives back what it takes of the budget when it is no longer needed
     * @param refused gets the reason if it cannot be had
     */
    Body(Request request, int largest, BodyBudget budget, Consumer<byte[]> whole, Consumer<Refusal> refused) {
        this.request = request;
        this.largest = largest;
        this.budget = budget;
        this.whole = whole;
        this.refused = refused;
    }

    /** Begins to read. If all is there already, it is handled before this returns. */
    void read() {
        limit = request.getComponents().getScheduler().schedule(this::tooSlow, MOST_MILLIS, TimeUnit.MILLISECONDS);
        readOn(Runnable::run);
    }

    private void readOn(Executor handler) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(() -> readOn(request.getContext()));
                return;
            }
            Refusal refusal = append(chunk);
            boolean last = chunk.isLast();
            chunk.release();
            if (refusal != null) {
                end(() -> refuse(refusal), handler);
                return;
            }
            if (last) {
                end(() -> whole.accept(bytes.toByteArray()), handler);
                return;
            }
        }
    }

    private @Nullable Refusal append(Content.Chunk chunk) {
        if (Content.Chunk.isFailure(chunk)) {
            return reason(chunk.getFailure());
        }
        ByteBuffer content = chunk.getByteBuffer();
        int more = content.remaining();
        if (bytes.size() + more > largest) {
            return tooLarge(largest);
        }
        if (!budget.take(more)) {
            return Refusal.with(
                    new HttpField(HttpHeader.RETRY_AFTER, "1"),
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "busy",
                    "too many large requests at once; try again");
        }
        byte[] copy = new byte[more];
        content.get(copy);
        bytes.writeBytes(copy);
        return null;
    }

    private void end(Runnable outcome, Executor handler) {
        limit.cancel();
        handler.execute(over.compareAndSet(false, true) ? outcome : () -> refuse(tooLate()));
    }

    private void tooSlow() {
        if (over.compareAndSet(false, true)) {
            request.fail(new TimeoutException("the body takes too long"));
        }
    }

    private void refuse(Refusal refusal) {
        budget.giveBack(bytes.size());
        refused.accept(refusal);
    }

    private static Refusal reason(@Nullable Throwable failure) {
        if (failure instanceof TimeoutException) {
            return tooLate();
        }
        return Refusal.badRequest("body", "the body is not sent as announced");
    }

    private static Refusal tooLate() {
        return Refusal.of(HttpStatus.REQUEST_TIMEOUT_408, "timeout", "the body takes too long");
    }

    static Refusal tooLarge(int largest) {
        return Refusal.of(
                HttpStatus.PAYLOAD_TOO_LARGE_413,
                "too_large",
                "the body is too large; at most " + largest + " bytes are taken");
    }
}
