package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import java.io.Serial;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** No connection, for a reason that is known better than from what Jedis throws. Nothing was sent. */
final class NoConnectionException extends JedisException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String why;

    NoConnectionException(Reason reason, String why, @Nullable Throwable cause) {
        super(why, cause);
        this.reason = reason;
        this.why = why;
    }

    Reason reason() {
        return reason;
    }

    /** A sentence or more, without what was to be done. */
    String why() {
        return why;
    }
}
