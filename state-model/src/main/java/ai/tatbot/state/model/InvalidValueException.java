package ai.tatbot.state.model;

import java.io.Serial;

/**
 * A value does not fit the schema: a field out of its range, a malformed id, a document that is not JSON.
 *
 * <p>The message names the field, what is allowed, and the value found, shortened and with control characters escaped, so
 * it is safe to log.
 */
public final class InvalidValueException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with what, and what is allowed */
    public InvalidValueException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, with what, and what is allowed
     * @param cause what was thrown underneath
     */
    public InvalidValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
