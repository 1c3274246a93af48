package ai.tatbot.state.server.doctor;

import java.io.Serial;

/** Something cannot be looked at; the message says why. */
final class NotCheckedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotCheckedException(String why) {
        super(why, null, false, false);
    }
}
