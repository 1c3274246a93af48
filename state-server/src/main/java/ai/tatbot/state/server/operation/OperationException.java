package ai.tatbot.state.server.operation;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An operation was refused, or failed. Its message says what is wrong and what is allowed, and may be shown to anyone. */
public final class OperationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Code code;

    public OperationException(Code code, String message) {
        this(code, message, null);
    }

    public OperationException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure it is. */
    public Code code() {
        return code;
    }

    /** {@code CODE: message}, as tools show it. */
    public String text() {
        return code + ": " + getMessage();
    }

    /** Kinds of failure. */
    public enum Code {
        /** No key of the schema. */
        INVALID_KEY,
        /** An argument is missing, has the wrong type, or is out of its range. */
        INVALID_ARGUMENT,
        /** No channel of the schema. */
        UNKNOWN_CHANNEL,
        /** The event does not fit its channel's schema. */
        INVALID_EVENT,
        /** The value does not fit its key's schema, or what is stored does not. */
        INVALID_VALUE,
        /** The caller, or the server's user at Redis, may not do this; or the server was not started to allow it. */
        NOT_ALLOWED,
        /** Another revision is stored than expected. */
        CONFLICT,
        /** There is no such thing. */
        NOT_FOUND,
        /** Redis cannot be reached. */
        UNAVAILABLE,
        /** Redis did not answer in time. */
        TIMEOUT,
        /** What was sent is larger than is taken. */
        TOO_LARGE,
        /** As many of these are under way as are served. Worth trying again later. */
        TOO_MANY,
        /** Something that should not happen; the server's log says more. */
        INTERNAL
    }
}
