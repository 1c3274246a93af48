package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import jakarta.servlet.Servlet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The Streamable HTTP transport of MCP, for the SDK's sessions: protocol versions 2025-03-26 to 2025-11-25. Its servlet expects
 * that whoever asks has been identified, see {@link Principal#ATTRIBUTE}. Thread-safe.
 */
public final class StreamableHttp implements McpStreamableServerTransportProvider, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);
    private static final long CHECK_MILLIS = 250;

    private final TransportLimits limits;
    private final Sessions sessions;
    private final ScheduledExecutorService housekeeper;
    private McpStreamableServerSession.@Nullable Factory factory;

    public StreamableHttp(TransportLimits limits) {
        this.limits = limits;
        this.sessions = new Sessions(limits);
        this.housekeeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tatbot-mcp-sessions");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused =
                housekeeper.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        try {
            sessions.check();
        } catch (RuntimeException e) {
            // The next round may do better; without it no session would ever end.
            LOG.error("sessions not looked after", e);
        }
    }

    /** What answers at {@code /mcp}. Needs asynchronous requests. */
    public Servlet servlet() {
        return new McpServlet(this, limits);
    }

    /** Number of open sessions. */
    public int sessionCount() {
        return sessions.size();
    }

    Sessions sessions() {
        return sessions;
    }

    @Override
    public synchronized void setSessionFactory(McpStreamableServerSession.Factory sessionFactory) {
        factory = sessionFactory;
    }

    private synchronized McpStreamableServerSession.Factory factory() {
        if (factory == null) {
            throw new IllegalStateException("no session factory was set");
        }
        return factory;
    }

    @Override
    public List<String> protocolVersions() {
        return Headers.VERSIONS;
    }

    /** Begins a session and answers with its id. */
    void initialize(JSONRPCRequest request, Principal principal, @Nullable Grant grant, InitialAnswer answer) {
        InitializeRequest asked = JsonRpc.initialization(request);
        McpStreamableServerSessionInit begun = factory().startSession(asked);
        InitializeResult result = begun.initResult().block();
        if (result == null) {
            throw new IllegalStateException("initialize has no result");
        }
        boolean primed = result.protocolVersion().compareTo(ProtocolVersions.MCP_2025_11_25) >= 0;
        ClientSession session = new ClientSession(begun.session(), principal, primed);
        session.touch(grant);
        try {
            sessions.add(session, request.id());
        } catch (Refusal refusal) {
            session.close();
            throw refusal;
        }
        answer.send(session.id(), JsonRpc.write(JSONRPCResponse.result(request.id(), result)));
    }

    /** How the answer to {@code initialize} is sent. */
    interface InitialAnswer {
        void send(String sessionId, byte[] json);
    }

    /** Answers a request of a session, when its answer is there. Returns at once. */
    void request(ClientSession session, JSONRPCRequest request, Exchange http) {
        Object id = request.id();
        Call call;
        try {
            call = session.begin(id, limits.callsPerSession());
        } catch (Refusal refusal) {
            http.json(refusal.status(), JsonRpc.write(refusal));
            return;
        }
        Reply reply = new Reply(session, id, call, http);
        call.onCancel(reply::finish);
        session.sdk()
                .responseStream(reply)
                .handle(request)
                .contextWrite(context -> context.put(McpTransportContext.KEY, call.context()))
                .doFinally(signal -> session.end(id, call))
                .subscribe(done -> {}, thrown -> {
                    LOG.error("{} failed", request.method(), thrown);
                    reply.sendMessage(JsonRpc.internalError(id))
                            .then(reply.closeGracefully())
                            .subscribe();
                });
    }

    /** Takes a notification. */
    void notification(ClientSession session, JSONRPCNotification notification) {
        if (notification.method().equals(JsonRpc.CANCELLED)) {
            JsonRpc.cancelled(notification).ifPresent(session::cancel);
            return;
        }
        session.sdk()
                .accept(notification)
                .contextWrite(context -> context.put(McpTransportContext.KEY, new Call(session.principal()).context()))
                .subscribe(done -> {}, thrown -> LOG.debug("a notification was not taken", thrown));
    }

    /**
     * Takes the answer to a request of the server.
     *
     * @throws Refusal if there was none
     */
    void response(ClientSession session, JSONRPCResponse response) {
        try {
            session.sdk().accept(response).block();
        } catch (RuntimeException e) {
            throw new Refusal(
                    400, ErrorCodes.INVALID_REQUEST, "this is the answer to no request of the server", response.id());
        }
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Flux.fromIterable(sessions.all())
                .flatMap(session ->
                        session.sdk().sendNotification(method, params).onErrorComplete())
                .then();
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        return Mono.defer(() -> {
            ClientSession session = sessions.find(sessionId);
            return session == null ? Mono.empty() : session.sdk().sendNotification(method, params);
        });
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(() -> {
            housekeeper.shutdownNow();
            sessions.close();
        });
    }

    /** Ends all sessions and their streams. */
    @Override
    public void close() {
        closeGracefully().block();
    }
}
