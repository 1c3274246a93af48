package ai.tatbot.state.server.backup;

import org.jspecify.annotations.Nullable;

/** A backup cannot be made, or is not to be used. The message says what happened, to what, and what to do. */
public final class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        this(message, null);
    }

    BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
