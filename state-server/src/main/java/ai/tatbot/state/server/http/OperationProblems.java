package ai.tatbot.state.server.http;

import ai.tatbot.state.server.operation.OperationException;
import java.util.Locale;

/** What the failure of an operation is over HTTP. */
public final class OperationProblems {
    private OperationProblems() {}

    /** The failure as a problem document. */
    public static Problem of(OperationException e) {
        return new Problem(status(e.code()), e.code().name().toLowerCase(Locale.ROOT), String.valueOf(e.getMessage()));
    }

    /** HTTP status of a failure. */
    public static int status(OperationException.Code code) {
        return switch (code) {
            case INVALID_KEY, INVALID_ARGUMENT, UNKNOWN_CHANNEL -> 400;
            case INVALID_EVENT, INVALID_VALUE -> 422;
            case NOT_ALLOWED -> 403;
            case CONFLICT -> 409;
            case NOT_FOUND -> 404;
            case TOO_LARGE -> 413;
            case TOO_MANY -> 429;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
            case INTERNAL -> 500;
        };
    }
}
