package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.StrokeProgress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads who owns a session. Thread-safe. */
public final class SessionReader {
    private final RedisConnections redis;
    private final Namespace namespace;

    public SessionReader(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** Reads it; one round trip. */
    public Optional<StoredSession> read(Key<StrokeProgress> key) {
        return redis.perform(reading(key));
    }

    /** As {@link #read}. */
    public Step<Optional<StoredSession>> reading(Key<StrokeProgress> key) {
        Round round = Round.reading("reading " + key);
        Supplier<List<byte[]>> values =
                round.ask(RedisConnections.commands().hmget(namespace.key(key), StoredSession.fields()));
        return round.then(() -> Step.done(decode(key, values.get())));
    }

    private static Optional<StoredSession> decode(Key<StrokeProgress> key, List<byte[]> values) {
        try {
            return StoredSession.decode(key, values);
        } catch (InvalidValueException e) {
            throw new StateException(
                    Reason.INVALID,
                    "reading " + key + ": the stored document does not fit its schema: " + e.getMessage(),
                    e);
        }
    }
}
