package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** One client at the other end of a pair of streams, a message a line. A line that is no message is answered, and the next one read. */
public final class Stdio {
    private static final Logger LOG = LoggerFactory.getLogger(Stdio.class);

    private final McpStreamableServerSession.Factory factory;
    private final Principal principal;
    private final InputStream in;
    private final OutputStream out;
    private final int longest = TransportLimits.DEFAULT.bodyBytes();
    private final Map<Object, Call> calls = new ConcurrentHashMap<>();
    private @Nullable McpStreamableServerSession session;

    /** @param out written to by one thread at a time, whole lines */
    public Stdio(McpStreamableServerSession.Factory factory, Principal principal, InputStream in, OutputStream out) {
        this.factory = factory;
        this.principal = principal;
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    /** Serves the client until its stream ends. */
    public void run() {
        try {
            for (Line line = read(); line != null; line = read()) {
                take(line);
            }
        } catch (IOException e) {
            LOG.debug("the client is gone", e);
        }
        calls.values().forEach(Call::cancel);
        if (session != null) {
            session.closeGracefully().onErrorComplete().block();
        }
    }

    /**
     * @param tooLong whether its end was left out
     */
    @SuppressWarnings("ArrayRecordComponent") // never handed out
    private record Line(byte[] bytes, boolean tooLong) {}

    private @Nullable Line read() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean tooLong = false;
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (bytes.size() < longest) {
                bytes.write(next);
            } else {
                tooLong = true;
            }
            next = in.read();
        }
        return new Line(bytes.toByteArray(), tooLong);
    }

    private void take(Line line) {
        if (new String(line.bytes, java.nio.charset.StandardCharsets.ISO_8859_1).isBlank()) {
            return;
        }
        try {
            if (line.tooLong) {
                throw Refusal.invalid("the message is too large; at most " + longest + " bytes");
            }
            take(JsonRpc.read(line.bytes));
        } catch (Refusal refusal) {
            write(JsonRpc.write(refusal));
        } catch (RuntimeException e) {
            LOG.error("a message failed", e);
            write(JsonRpc.write(new Refusal(500, ErrorCodes.INTERNAL_ERROR, JsonRpc.NOBODYS_FAULT, null)));
        }
    }

    private void take(JSONRPCMessage message) {
        if (message instanceof JSONRPCRequest request) {
            if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
                initialize(request);
            } else {
                answer(request);
            }
            return;
        }
        McpStreamableServerSession begun = session;
        if (begun == null) {
            return;
        }
        if (message instanceof JSONRPCNotification notification) {
            if (notification.method().equals(JsonRpc.CANCELLED)) {
                JsonRpc.cancelled(notification).map(calls::get).ifPresent(Call::cancel);
            } else {
                begun.accept(notification)
                        .contextWrite(context -> context.put(McpTransportContext.KEY, new Call(principal).context()))
                        .subscribe(done -> {}, thrown -> LOG.debug("a notification was not taken", thrown));
            }
        } else if (message instanceof JSONRPCResponse response) {
            begun.accept(response).subscribe(done -> {}, thrown -> LOG.debug("nobody had asked", thrown));
        }
    }

    private void initialize(JSONRPCRequest request) {
        if (session != null) {
            throw new Refusal(400, ErrorCodes.INVALID_REQUEST, "the session has begun already", request.id());
        }
        McpStreamableServerSessionInit begun = factory.startSession(JsonRpc.initialization(request));
        session = begun.session();
        begun.session().listeningStream(new Pipe(null));
        write(JsonRpc.write(
                JSONRPCResponse.result(request.id(), begun.initResult().block())));
    }

    private void answer(JSONRPCRequest request) {
        McpStreamableServerSession begun = session;
        if (begun == null) {
            int code = request.method().equals(McpServlet.DISCOVER)
                    ? ErrorCodes.METHOD_NOT_FOUND
                    : ErrorCodes.INVALID_REQUEST;
            throw new Refusal(400, code, "the session has not begun; send initialize first", request.id());
        }
        Call call = new Call(principal);
        if (calls.size() >= TransportLimits.DEFAULT.callsPerSession()) {
            throw new Refusal(429, Refusal.NOT_NOW, "too many requests are running", request.id());
        }
        if (calls.putIfAbsent(request.id(), call) != null) {
            throw new Refusal(
                    400,
                    ErrorCodes.INVALID_REQUEST,
                    "a request with this id is running; use each id once",
                    request.id());
        }
        begun.responseStream(new Pipe(call))
                .handle(request)
                .contextWrite(context -> context.put(McpTransportContext.KEY, call.context()))
                .doFinally(signal -> calls.remove(request.id()))
                .subscribe(done -> {}, thrown -> {
                    LOG.error("{} failed", request.method(), thrown);
                    write(JsonRpc.write(JsonRpc.internalError(request.id())));
                });
    }

    private void write(byte[] message) {
        synchronized (out) {
            try {
                out.write(message);
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                LOG.debug("the client is gone", e);
            }
        }
    }

    /** All streams of the session end in one. */
    private final class Pipe implements McpStreamableServerTransport {
        private final @Nullable Call call;

        /** @param call whose response is not sent once it is cancelled; null for what is no response */
        Pipe(@Nullable Call call) {
            this.call = call;
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> {
                if (call == null || !call.isCancelled() || !(message instanceof JSONRPCResponse)) {
                    write(JsonRpc.write(message));
                }
            });
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
            return sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
            return JsonRpc.MAPPER.convertValue(data, typeRef);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
