package ai.tatbot.state.server.mcp.transport;

import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import org.jspecify.annotations.Nullable;

/** A message, or a request that carries one, is refused. Its message may be shown to anyone. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** No such session; the code that other servers use, too. */
    static final int SESSION_NOT_FOUND = -32001;

    /** The server cannot take it now. */
    static final int NOT_NOW = -32000;

    private final int status;
    private final int code;
    private final transient @Nullable Object id;

    /**
     * @param status of HTTP
     * @param code of JSON-RPC
     * @param id of the request that is refused; null if it is not known
     */
    Refusal(int status, int code, String message, @Nullable Object id) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.id = id;
    }

    static Refusal malformed(int code, String message) {
        return new Refusal(400, code, message, null);
    }

    static Refusal invalid(String message) {
        return malformed(ErrorCodes.INVALID_REQUEST, message);
    }

    /** A request that is well-formed, but whose parameters are not. */
    static Refusal parameters(Object id, String message) {
        return new Refusal(200, ErrorCodes.INVALID_PARAMS, message, id);
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    @Nullable
    Object id() {
        return id;
    }
}
