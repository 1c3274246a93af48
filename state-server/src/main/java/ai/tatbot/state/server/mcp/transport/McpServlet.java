package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: methods, headers, bodies and status codes. Whatever goes wrong, the answer is a JSON-RPC error. */
final class McpServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(McpServlet.class);
    private static final Pattern EVENT_ID = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})");

    /** The stateless protocol of 2026 begins with it, and takes this error for: ask in the older way. */
    static final String DISCOVER = "server/discover";

    private final transient StreamableHttp transport;
    private final transient TransportLimits limits;

    McpServlet(StreamableHttp transport, TransportLimits limits) {
        this.transport = transport;
        this.limits = limits;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            switch (request.getMethod()) {
                case "POST" -> post(request, response);
                case "GET" -> get(request, response);
                case "DELETE" -> delete(request, response);
                default -> {
                    response.setHeader("Allow", "GET, POST, DELETE");
                    throw new Refusal(405, ErrorCodes.INVALID_REQUEST, "there are GET, POST and DELETE here", null);
                }
            }
        } catch (Refusal refusal) {
            refuse(response, refusal);
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            refuse(response, new Refusal(500, ErrorCodes.INTERNAL_ERROR, JsonRpc.NOBODYS_FAULT, null));
        }
    }

    private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        if (refusal.status() == 429 || refusal.status() == 503) {
            response.setHeader("Retry-After", "1");
        }
        byte[] body = JsonRpc.write(refusal);
        response.setStatus(refusal.status());
        response.setContentType(Headers.JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Principal principal(HttpServletRequest request) {
        if (request.getAttribute(Principal.ATTRIBUTE) instanceof Principal principal) {
            return principal;
        }
        throw new Refusal(401, ErrorCodes.INVALID_REQUEST, "it is not known who asks", null);
    }

    private ClientSession session(HttpServletRequest request, Principal principal, @Nullable Object id) {
        ClientSession session = transport.sessions().require(request.getHeader(Headers.SESSION), principal, id);
        session.touch(grant(request));
        return session;
    }

    private static @Nullable Grant grant(HttpServletRequest request) {
        return request.getAttribute(Grant.ATTRIBUTE) instanceof Grant grant ? grant : null;
    }

    private void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Principal principal = principal(request);
        Headers.requireAccept(request, Headers.JSON, Headers.EVENTS);
        Headers.requireJson(request);
        JSONRPCMessage message = JsonRpc.read(body(request));
        if (message instanceof JSONRPCRequest discover && discover.method().equals(DISCOVER)) {
            throw unknownMethod(request, discover);
        }
        Headers.requireVersion(request);
        if (message instanceof JSONRPCRequest initialize && initialize.method().equals(McpSchema.METHOD_INITIALIZE)) {
            if (request.getHeader(Headers.SESSION) != null) {
                throw new Refusal(
                        400,
                        ErrorCodes.INVALID_REQUEST,
                        "initialize begins a session; send it without " + Headers.SESSION,
                        initialize.id());
            }
            transport.initialize(initialize, principal, grant(request), (id, json) -> {
                response.setHeader(Headers.SESSION, id);
                new Exchange(request, response).json(200, json);
            });
            return;
        }
        Object id = message instanceof JSONRPCRequest asked ? asked.id() : null;
        ClientSession session = session(request, principal, id);
        if (message instanceof JSONRPCRequest asked) {
            transport.request(session, asked, new Exchange(request, response));
        } else if (message instanceof JSONRPCNotification notification) {
            transport.notification(session, notification);
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
        } else if (message instanceof JSONRPCResponse answer) {
            transport.response(session, answer);
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
        }
    }

    /** Also of a client that speaks no version that is spoken here, and has no session. */
    private static Refusal unknownMethod(HttpServletRequest request, JSONRPCRequest asked) {
        int status = 200;
        try {
            Headers.requireVersion(request);
        } catch (Refusal refusal) {
            status = refusal.status();
        }
        return new Refusal(status, ErrorCodes.METHOD_NOT_FOUND, "Method not found: " + DISCOVER, asked.id());
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > limits.bodyBytes()) {
            throw tooLarge();
        }
        byte[] body;
        try {
            body = request.getInputStream().readNBytes(limits.bodyBytes() + 1);
        } catch (IOException e) {
            throw Refusal.malformed(ErrorCodes.PARSE_ERROR, "the body could not be read");
        }
        if (body.length > limits.bodyBytes()) {
            throw tooLarge();
        }
        return body;
    }

    private Refusal tooLarge() {
        return new Refusal(
                413,
                ErrorCodes.INVALID_REQUEST,
                "the body is too large; at most " + limits.bodyBytes() + " bytes",
                null);
    }

    private void get(HttpServletRequest request, HttpServletResponse response) {
        Principal principal = principal(request);
        Headers.requireAccept(request, Headers.EVENTS);
        Headers.requireVersion(request);
        ClientSession session = session(request, principal, null);
        String last = request.getHeader(Headers.LAST_EVENT);
        EventStream stream = session.listening();
        long after = last == null ? stream.reopened() : 0;
        if (last != null) {
            Matcher matcher = EVENT_ID.matcher(last);
            EventStream named = matcher.matches() ? session.stream(Integer.parseInt(matcher.group(1))) : null;
            if (named == null) {
                throw Refusal.invalid(Headers.LAST_EVENT + " names no stream that could be resumed; open a new one");
            }
            stream = named;
            after = Long.parseLong(matcher.group(2));
        }
        new Exchange(request, response).stream(stream, after);
    }

    private void delete(HttpServletRequest request, HttpServletResponse response) {
        Principal principal = principal(request);
        Headers.requireVersion(request);
        transport.sessions().end(transport.sessions().require(request.getHeader(Headers.SESSION), principal, null));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
