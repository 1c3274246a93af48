package ai.tatbot.state.server.access;

import java.io.Serial;

/** A token file cannot be used. The message names it, says why, and shows nothing of what is in it. */
public final class TokenFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TokenFileException(String message) {
        super(message);
    }

    TokenFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
