package ai.tatbot.state.server.mcp.transport;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A stream of Server-Sent Events to one client, which outlives the response that carries it: it keeps what was sent last, so that
 * a client that has lost the response goes on in another one. What it keeps is bounded. Sending never waits. Thread-safe.
 */
final class EventStream implements McpStreamableServerTransport {
    private static final int MOST_EVENTS = 256;
    private static final int MOST_BYTES = 1 << 20;
    private static final byte[] OPENING = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int RETRY_MILLIS = 500;

    private final int number;
    private final boolean primed;
    private final ArrayDeque<Event> kept = new ArrayDeque<>();
    private int bytes;
    private long last;
    private boolean finished;
    private @Nullable Wire wire;
    private long cursor;
    private long endedAt = System.nanoTime();

    @SuppressWarnings("ArrayRecordComponent") // never handed out
    private record Event(long number, byte[] json, boolean conflated) {}

    /**
     * @param number within its session
     * @param primed whether the client is told at the beginning how to come back
     */
    EventStream(int number, boolean primed) {
        this.number = number;
        this.primed = primed;
    }

    int number() {
        return number;
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> send(message));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
        return sendMessage(message);
    }

    private void send(JSONRPCMessage message) {
        // It says that something has changed, not what: one that is still to be sent says it, too.
        boolean conflated = message instanceof JSONRPCNotification notification
                && notification.method().equals(McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED);
        byte[] json = JsonRpc.write(message);
        Wire open;
        boolean slow;
        synchronized (this) {
            if (finished || (conflated && isWaiting(json))) {
                return;
            }
            slow = add(json, conflated);
            open = wire;
        }
        if (open == null) {
            return;
        }
        if (slow) {
            open.abort();
        } else {
            open.pump();
        }
    }

    private boolean add(byte[] json, boolean conflated) {
        kept.add(new Event(++last, json, conflated));
        bytes += json.length;
        return trim();
    }

    private boolean isWaiting(byte[] json) {
        return kept.stream()
                .anyMatch(event -> event.number > cursor && event.conflated && Arrays.equals(event.json, json));
    }

    /** Drops the oldest; returns whether something was dropped that should have been sent long ago. */
    private boolean trim() {
        boolean slow = false;
        while (kept.size() > MOST_EVENTS || (bytes > MOST_BYTES && kept.size() > 1)) {
            Event dropped = kept.remove();
            bytes -= dropped.json.length;
            slow |= dropped.number > cursor;
        }
        return slow;
    }

    /** Nothing more will be sent; a response that carries the stream ends after what is left. */
    void finish() {
        Wire open;
        synchronized (this) {
            finished = true;
            endedAt = System.nanoTime();
            open = wire;
        }
        if (open != null) {
            open.pump();
        }
    }

    /** Whether nothing more will be sent and that was long ago. */
    synchronized boolean isForgotten(long nanos) {
        return finished && wire == null && System.nanoTime() - endedAt > nanos;
    }

    synchronized boolean isFinished() {
        return finished;
    }

    synchronized @Nullable Wire wire() {
        return wire;
    }

    /** Whether the client can be told to come back. */
    boolean isPrimed() {
        return primed;
    }

    /** Where a response takes the stream's events from, after the one of this number. */
    synchronized Wire.Source source(long after) {
        return new Reader(after);
    }

    /**
     * Where a client goes on that does not say what it has. What says that something has changed may have been lost on the way, and
     * is said again.
     */
    synchronized long reopened() {
        for (Event event : List.copyOf(kept)) {
            if (event.conflated && event.number <= cursor && !isWaiting(event.json)) {
                add(event.json, true);
            }
        }
        return cursor;
    }

    /** Carries the stream from now on; ends the response that did so far. */
    void attach(Wire next, long after) {
        Wire before;
        synchronized (this) {
            before = wire;
            wire = next;
            cursor = Math.min(after, last);
        }
        if (before != null) {
            before.end();
        }
        next.open();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return JsonRpc.MAPPER.convertValue(data, typeRef);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::finish);
    }

    @Override
    public void close() {
        finish();
    }

    private byte[] block(long event, byte[] json) {
        byte[] head = ("id: " + number + "-" + event + "\nevent: message\ndata: ").getBytes(StandardCharsets.US_ASCII);
        byte[] block = Arrays.copyOf(head, head.length + json.length + 2);
        System.arraycopy(json, 0, block, head.length, json.length);
        block[block.length - 2] = '\n';
        block[block.length - 1] = '\n';
        return block;
    }

    /** One response's view of the stream. */
    private final class Reader implements Wire.Source {
        private final long after;
        private boolean opened;

        Reader(long after) {
            this.after = after;
        }

        @Override
        public byte @Nullable [] next() {
            synchronized (EventStream.this) {
                if (wire == null || wire.source() != this) {
                    return null; // another response has taken over
                }
                if (!opened) {
                    opened = true;
                    return opening();
                }
                for (Event event : kept) {
                    if (event.number > cursor) {
                        cursor = event.number;
                        return block(event.number, event.json);
                    }
                }
                return null;
            }
        }

        private byte[] opening() {
            if (!primed) {
                return OPENING;
            }
            return ("id: " + number + "-" + after + "\nretry: " + RETRY_MILLIS + "\ndata:\n\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public boolean isFinished() {
            synchronized (EventStream.this) {
                return finished;
            }
        }

        @Override
        public void ended() {
            synchronized (EventStream.this) {
                if (wire != null && wire.source() == this) {
                    wire = null;
                    endedAt = System.nanoTime();
                }
            }
        }
    }
}
