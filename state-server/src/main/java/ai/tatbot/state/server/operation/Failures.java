package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the client throws into what a caller is told. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static <T> T told(Supplier<T> call) {
        try {
            return call.get();
        } catch (StateException e) {
            throw told(e);
        }
    }

    private static OperationException told(StateException e) {
        Code code = switch (e.reason()) {
            case UNAVAILABLE, OUT_OF_MEMORY, READ_ONLY, MISCONFIGURED, CLOSED -> Code.UNAVAILABLE;
            case TIMEOUT, BUSY, INTERRUPTED, NOT_REPLICATED -> Code.TIMEOUT;
            case DENIED -> Code.NOT_ALLOWED;
            case CONFLICT, CONFLATED -> Code.CONFLICT;
            case INVALID -> Code.INVALID_VALUE;
            case NOT_FOUND -> Code.NOT_FOUND;
            case INTERNAL -> Code.INTERNAL;
        };
        if (code == Code.INTERNAL) {
            LOG.error("{}", e.getMessage(), e);
            return new OperationException(code, "this should not happen; the server's log says more", e);
        }
        return new OperationException(code, String.valueOf(e.getMessage()), e);
    }
}
