package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.Filter;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One client. It has one write under way at most, and nothing waits for it in memory: what it missed meanwhile is made up for, conflated,
 * by its next write. Used by the broadcaster's thread, but for the end of a write.
 */
final class EventStream {
    private final Response response;
    private final Callback callback;
    private final BooleanSupplier allowed;
    private final Runnable whenOver;
    private final IntConsumer whenWritten;
    final Filter filter;
    final long intervalNanos;

    Cursor cursor;
    /** What its client asked for, if it could not be told anything yet. */
    @Nullable
    Subscription awaited;

    long dueNanos;
    long lastWriteNanos;
    long lastStatusNanos;

    /** Null until a round has told it: that of the beginning may have turned before anyone looked again. */
    @Nullable
    Condition toldCondition;

    private volatile boolean writing;
    private volatile boolean over;

    /**
     * @param allowed whether the client may still listen
     * @param whenWritten told when a write has ended, and of how many bytes it was; on any thread
     * @param whenOver called once, when nothing more can be written, on any thread
     */
    EventStream(
            Response response,
            Callback callback,
            Subscription subscription,
            Cursor cursor,
            BooleanSupplier allowed,
            IntConsumer whenWritten,
            Runnable whenOver) {
        this.response = response;
        this.callback = callback;
        this.filter = subscription.filter();
        this.intervalNanos = subscription.interval().toNanos();
        this.cursor = cursor;
        this.allowed = allowed;
        this.whenWritten = whenWritten;
        this.whenOver = whenOver;
    }

    boolean isAllowed() {
        return allowed.getAsBoolean();
    }

    boolean isWriting() {
        return writing;
    }

    boolean isOver() {
        return over;
    }

    /** Begins a write. To be called only while none is under way. */
    void write(byte[] payload, long nowNanos) {
        writing = true;
        lastWriteNanos = nowNanos;
        response.write(false, ByteBuffer.wrap(payload), new Callback() {
            @Override
            public void succeeded() {
                writing = false;
                whenWritten.accept(payload.length);
            }

            @Override
            public void failed(Throwable failure) {
                // The client is gone, or does not read for so long that the connection was given up.
                end(() -> callback.failed(failure));
            }
        });
    }

    /** Ends it with some last words, unless it does not even take those. */
    void close(byte[] lastWords) {
        if (writing) {
            end(() -> callback.failed(new IllegalStateException("the client does not read")));
        } else {
            writing = true;
            response.write(
                    true,
                    ByteBuffer.wrap(lastWords),
                    Callback.from(() -> end(callback::succeeded), failure -> end(() -> callback.failed(failure))));
        }
    }

    private void end(Runnable how) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        how.run();
        whenOver.run();
    }
}
