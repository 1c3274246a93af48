package ai.tatbot.state.server.mcp.transport;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The answer to one request: plain JSON if the response comes first, a stream of events as soon as something else comes before
 * it. A request that was withdrawn gets no response; its stream just ends.
 */
final class Reply implements McpStreamableServerTransport {
    private final ClientSession session;
    private final Object id;
    private final Call call;
    private final Exchange http;
    private @Nullable EventStream stream;
    private boolean answered;

    Reply(ClientSession session, Object id, Call call, Exchange http) {
        this.session = session;
        this.id = id;
        this.call = call;
        this.http = http;
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
        boolean response = message instanceof JSONRPCResponse;
        EventStream events;
        synchronized (this) {
            if (answered || (response && call.isCancelled())) {
                return;
            }
            answered = response;
            if (response) {
                // Before the client has it: who asks again at once is not to find its last request still counted.
                session.end(id, call);
            }
            if (response && stream == null) {
                http.json(200, JsonRpc.write(message));
                return;
            }
            events = stream();
        }
        events.sendMessage(message).block();
    }

    private EventStream stream() {
        EventStream events = stream;
        if (events == null) {
            events = session.newStream();
            stream = events;
            http.stream(events, 0);
        }
        return events;
    }

    /** Ends it. */
    void finish() {
        EventStream events;
        synchronized (this) {
            if (stream == null && answered) {
                return;
            }
            answered = true;
            events = stream;
            if (events == null) {
                http.nothing();
                return;
            }
        }
        events.finish();
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
}
