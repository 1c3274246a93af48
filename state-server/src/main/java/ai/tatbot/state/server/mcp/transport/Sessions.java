package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
     * Adds one. If its principal has too many, the one of them that was idle longest ends. If there are too many in all, one of
     * the principal that has most does; never one of who has fewer than who asks.
     *
     * @throws Refusal if there are too many and none may end for it
     */
    synchronized void add(ClientSession session, Object id) {
        if (closed) {
            throw new Refusal(503, Refusal.NOT_NOW, "the server is shutting down", id);
        }
        Map<String, Long> held =
                open.values().stream().collect(Collectors.groupingBy(Sessions::owner, Collectors.counting()));
        String name = owner(session);
        long own = held.getOrDefault(name, 0L);
        if (own >= limits.sessionsPerPrincipal()) {
            if (!endIdlest(held, other -> owner(other).equals(name))) {
                throw new Refusal(
                        429,
                        Refusal.NOT_NOW,
                        "you have " + own
                                + " sessions already, all in use, and no more are served; end one, or try later",
                        id);
            }
        } else if (open.size() >= limits.sessions()
                && !endIdlest(held, other -> held.getOrDefault(owner(other), 0L) >= own)) {
            throw new Refusal(
                    503,
                    Refusal.NOT_NOW,
                    "there are " + limits.sessions()
                            + " sessions already, and no more are served; end one, or try later",
                    id);
        }
        open.put(session.id(), session);
    }

    private static String owner(ClientSession session) {
        return session.principal().name();
    }

    /** Ends an idle one of who has most; of those the one that was idle longest. */
    private boolean endIdlest(Map<String, Long> held, Predicate<ClientSession> which) {
        ClientSession chosen = null;
        long most = 0;
        long longest = 0;
        for (ClientSession session : all()) {
            long idle = which.test(session) ? session.idleNanos() : 0;
            long count = held.getOrDefault(owner(session), 0L);
            if (idle > 0 && (count > most || (count == most && idle > longest))) {
                chosen = session;
                most = count;
                longest = idle;
            }
        }
        if (chosen == null) {
            return false;
        }
        end(chosen);
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
