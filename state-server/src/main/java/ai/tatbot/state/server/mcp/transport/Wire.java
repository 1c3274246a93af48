package ai.tatbot.state.server.mcp.transport;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of one HTTP response. It takes from its source what there is, when the client can take it: no thread ever waits for
 * a client. Thread-safe.
 */
final class Wire implements WriteListener, AsyncListener {
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Source source;
    private final Runnable abort;
    private final long openedAt = System.nanoTime();
    private long lastWrite = openedAt;
    private long blockedSince;
    private boolean blocked;
    private boolean begun;
    private boolean unflushed;
    private boolean ending;
    private boolean over;

    /** Where the bytes come from. */
    interface Source {
        /** What is to be sent next; null if there is nothing now. Called again only when the last one is on its way. */
        byte @Nullable [] next();

        /** Nothing more will come. */
        boolean isFinished();

        /** The response has ended, for whatever reason. Called once. */
        void ended();
    }

    /**
     * @param context started, without a time-out
     * @param abort cuts the connection
     */
    Wire(AsyncContext context, ServletOutputStream out, Source source, Runnable abort) {
        this.context = context;
        this.out = out;
        this.source = source;
        this.abort = abort;
    }

    Source source() {
        return source;
    }

    /** Begins to send; headers go out at once. */
    void open() {
        context.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            begun = true;
            blocked = false;
        }
        pump();
    }

    /** Sends what there is. Returns at once. */
    void pump() {
        boolean complete = false;
        synchronized (this) {
            if (!begun || over) {
                return;
            }
            try {
                complete = write();
            } catch (IOException | IllegalStateException e) {
                complete = true;
            }
            if (complete) {
                over = true;
            }
        }
        if (complete) {
            complete();
        }
    }

    private boolean write() throws IOException {
        while (true) {
            if (!out.isReady()) {
                if (!blocked) {
                    blocked = true;
                    blockedSince = System.nanoTime();
                }
                return false;
            }
            byte[] next = ending ? null : source.next();
            if (next != null) {
                out.write(next);
                lastWrite = System.nanoTime();
                unflushed = true;
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                return ending || source.isFinished();
            }
        }
    }

    /** Ends the response after what is on its way, whatever its source still has. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        pump();
    }

    /** To be called every now and then. */
    void check(TransportLimits limits) {
        long now = System.nanoTime();
        boolean stuck;
        synchronized (this) {
            if (over || !begun) {
                return;
            }
            stuck = blocked && isOlder(now, blockedSince, limits.writeDeadline());
            if (!blocked && isOlder(now, lastWrite, limits.heartbeat())) {
                try {
                    if (out.isReady()) {
                        out.write(COMMENT);
                        lastWrite = now;
                        unflushed = true;
                    }
                } catch (IOException e) {
                    stuck = true;
                }
            }
        }
        if (stuck) {
            abort();
        } else {
            pump();
        }
    }

    /** Whether it has been open for longer than a stream may. */
    boolean isAged(TransportLimits limits) {
        return isOlder(System.nanoTime(), openedAt, limits.streamLife());
    }

    private static boolean isOlder(long now, long since, Duration age) {
        return now - since > age.toNanos();
    }

    /** Cuts the connection. */
    void abort() {
        abort.run();
        boolean complete;
        synchronized (this) {
            complete = !over;
            over = true;
        }
        if (complete) {
            complete();
        }
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // The container was faster.
        }
        source.ended();
    }

    @Override
    public void onError(Throwable thrown) {
        gone();
    }

    @Override
    public void onError(AsyncEvent event) {
        gone();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        gone();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        source.ended();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }

    private void gone() {
        boolean complete;
        synchronized (this) {
            complete = !over;
            over = true;
        }
        if (complete) {
            complete();
        }
    }
}
