package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The open sessions, so many and no more. Thread-safe. */
final class Sessions {
    private final Map<String, ClientSession> open = new ConcurrentHashMap<>();
    private final TransportLimits limits;
    private volatile boolean closed;

    Sessions(TransportLimits limits) {
        this.limits = limits;
    }

    /**
     * Adds one. If there are too many, the one that was idle longest ends.
     *
     * @throws Refusal if there are too many and none is idle
     */
    synchronized void add(ClientSession session, Object id) {
        if (closed) {
            throw new Refusal(503, Refusal.NOT_NOW, "the server is shutting down", id);
        }
        if (open.size() >= limits.sessions() && !endIdlest()) {
            throw new Refusal(
                    503,
                    Refusal.NOT_NOW,
                    "there are " + limits.sessions()
                            + " sessions already, and no more are served; end one, or try later",
                    id);
        }
        open.put(session.id(), session);
    }

    private boolean endIdlest() {
        Optional<ClientSession> idlest = open.values().stream().max(Comparator.comparingLong(ClientSession::idleNanos));
        if (idlest.isEmpty() || idlest.get().idleNanos() == 0) {
            return false;
        }
        end(idlest.get());
        return true;
    }

    /**
     * The session that a request names, if it belongs to who asks.
     *
     * @throws Refusal if there is none
     */
    ClientSession require(@Nullable String id, Principal principal, @Nullable Object request) {
        if (id == null || id.isBlank()) {
            throw new Refusal(
                    400,
                    ErrorCodes.INVALID_REQUEST,
                    "Mcp-Session-Id is missing; begin with initialize, and send the id of its response",
                    request);
        }
        ClientSession session = open.get(id);
        // Whether it exists is nobody's business but its owner's.
        if (session == null || !session.principal().equals(principal)) {
            throw new Refusal(
                    404,
                    Refusal.SESSION_NOT_FOUND,
                    "there is no such session; begin a new one with initialize",
                    request);
        }
        return session;
    }

    @Nullable
    ClientSession find(String id) {
        return open.get(id);
    }

    List<ClientSession> all() {
        return new ArrayList<>(open.values());
    }

    int size() {
        return open.size();
    }

    void end(ClientSession session) {
        if (open.remove(session.id(), session)) {
            session.close();
        }
    }

    void endIf(Predicate<ClientSession> which) {
        all().stream().filter(which).forEach(this::end);
    }

    /** Ends those that have been idle for too long, and those whose owner would not be let in any more. */
    void check() {
        endIf(session -> !session.isGranted()
                || session.idleNanos() > limits.sessionIdle().toNanos());
        all().forEach(session -> session.check(limits));
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        endIf(session -> true);
    }
}
