package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session: the SDK's part of it, who opened it, its streams, and the calls under way. Thread-safe. */
final class ClientSession {
    /** A finished stream is kept this long, for a client that has lost its end. */
    private static final long RESUMABLE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int MOST_STREAMS = 64;

    private final McpStreamableServerSession sdk;
    private final Principal principal;
    private final boolean primed;
    private final EventStream listening;
    private final Map<Integer, EventStream> streams = new LinkedHashMap<>();
    private final Map<Object, Call> calls = new HashMap<>();
    private int lastStream;
    private long lastUse = System.nanoTime();
    private @Nullable Grant grant;
    private boolean closed;

    /**
     * @param primed whether the client's protocol version knows that a stream may be interrupted
     */
    ClientSession(McpStreamableServerSession sdk, Principal principal, boolean primed) {
        this.sdk = sdk;
        this.principal = principal;
        this.primed = primed;
        this.listening = new EventStream(0, primed);
        streams.put(0, listening);
        sdk.listeningStream(listening);
    }

    String id() {
        return sdk.getId();
    }

    McpStreamableServerSession sdk() {
        return sdk;
    }

    Principal principal() {
        return principal;
    }

    /** The stream of what is not the answer to a request. */
    EventStream listening() {
        return listening;
    }

    /**
     * Notes that its client was here.
     *
     * @param by what it was let in by; null if that cannot end
     */
    synchronized void touch(@Nullable Grant by) {
        lastUse = System.nanoTime();
        grant = by;
    }

    /** Whether its client would be let in now. */
    synchronized boolean isGranted() {
        return grant == null || grant.isValid();
    }

    /** How long nothing has happened; 0 while a stream is open or a call runs. */
    synchronized long idleNanos() {
        boolean busy = !calls.isEmpty() || streams.values().stream().anyMatch(stream -> stream.wire() != null);
        if (busy) {
            lastUse = System.nanoTime();
            return 0;
        }
        return System.nanoTime() - lastUse;
    }

    /** Makes a stream for the answer to a request. */
    synchronized EventStream newStream() {
        EventStream stream = new EventStream(++lastStream, primed);
        streams.put(stream.number(), stream);
        if (streams.size() > MOST_STREAMS) {
            streams.values().removeIf(old -> old.isForgotten(0));
        }
        return stream;
    }

    synchronized @Nullable EventStream stream(int number) {
        return streams.get(number);
    }

    /**
     * Begins a call.
     *
     * @throws Refusal if there are too many, or one of this id is under way
     */
    synchronized Call begin(Object id, int most) {
        if (closed) {
            throw new Refusal(404, Refusal.SESSION_NOT_FOUND, "the session has ended; begin a new one", id);
        }
        if (calls.size() >= most) {
            throw new Refusal(
                    429, Refusal.NOT_NOW, "too many requests of this session are running; at most " + most, id);
        }
        Call call = new Call(principal);
        if (calls.putIfAbsent(id, call) != null) {
            throw new Refusal(
                    400, ErrorCodes.INVALID_REQUEST, "a request with this id is running; use each id once", id);
        }
        return call;
    }

    /** Ends a call: its id and its place are free. Nothing happens the second time, whoever has that id by then. */
    synchronized void end(Object id, Call call) {
        calls.remove(id, call);
        lastUse = System.nanoTime();
    }

    void cancel(Object id) {
        Call call;
        synchronized (this) {
            call = calls.get(id);
        }
        if (call != null) {
            call.cancel();
        }
    }

    /** Ends streams that have been open for too long, and cuts those of clients that do not read. */
    void check(TransportLimits limits) {
        List<EventStream> all;
        synchronized (this) {
            streams.values().removeIf(stream -> stream != listening && stream.isForgotten(RESUMABLE_NANOS));
            all = new ArrayList<>(streams.values());
        }
        for (EventStream stream : all) {
            Wire wire = stream.wire();
            if (wire == null) {
                continue;
            }
            if (wire.isAged(limits) && (stream == listening || stream.isPrimed())) {
                wire.end();
            } else {
                wire.check(limits);
            }
        }
    }

    /** Ends everything. */
    void close() {
        List<EventStream> all;
        List<Call> running;
        synchronized (this) {
            closed = true;
            all = List.copyOf(streams.values());
            running = List.copyOf(calls.values());
        }
        running.forEach(Call::cancel);
        sdk.closeGracefully().onErrorComplete().subscribe();
        all.forEach(EventStream::finish);
    }
}
