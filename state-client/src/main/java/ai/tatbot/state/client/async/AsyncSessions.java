package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.SessionLeases;
import ai.tatbot.state.client.internal.SessionReader;
import ai.tatbot.state.client.internal.SessionWrites;
import ai.tatbot.state.client.internal.Step;
import ai.tatbot.state.client.internal.StoredSession;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Begins sessions, and does for them what needs Redis. Thread-safe. */
final class AsyncSessions {
    private static final int MOST_TAKEOVER_TRIES = 50;

    private final PrimaryAccess redis;
    private final SessionReader reader;
    private final DocumentWriter writer;
    private final SessionLeases leases;
    private final Duration lease;
    private final Rounds rounds;
    private final Sender sender;
    private final Admission admission;
    private final Executor listeners;

    AsyncSessions(
            PrimaryAccess redis,
            SessionReader reader,
            DocumentWriter writer,
            SessionLeases leases,
            Duration lease,
            Rounds rounds,
            Sender sender,
            Admission admission) {
        this.redis = redis;
        this.reader = reader;
        this.writer = writer;
        this.leases = leases;
        this.lease = lease;
        this.rounds = rounds;
        this.sender = sender;
        this.admission = admission;
        this.listeners = admission::run;
    }

    Admission admission() {
        return admission;
    }

    SessionLeases leases() {
        return leases;
    }

    Step<AsyncStrokeSession> starting(String sessionId, StrokeProgress progress) {
        SessionWrites writes = new SessionWrites(Keys.strokeProgress(sessionId), 1, lease);
        return beginning(writes, progress, writes.start(progress));
    }

    private Step<AsyncStrokeSession> beginning(
            SessionWrites writes, StrokeProgress first, DocumentWrite<StrokeProgress> write) {
        return writer.writing(write).map(result -> new AsyncStrokeSession(this, writes, first, result.revision()));
    }

    Step<AsyncStrokeSession> takingOver(Key<StrokeProgress> key, String nodeId) {
        return takingOver(key, nodeId, 1);
    }

    private Step<AsyncStrokeSession> takingOver(Key<StrokeProgress> key, String nodeId, int attempt) {
        return reader.reading(key).then(found -> {
            StoredSession before = SessionWrites.takeable(key, found);
            SessionWrites writes = new SessionWrites(key, before.fence() + 1, lease);
            StrokeProgress next = SessionWrites.takenOver(before, nodeId);
            return beginning(writes, next, writes.takeover(before, next)).recover(e -> {
                // Its writer wrote between our read and our write; what it wrote is where to go on.
                if (e.reason() != Reason.CONFLICT || attempt >= MOST_TAKEOVER_TRIES) {
                    throw e;
                }
                return takingOver(key, nodeId, attempt + 1);
            });
        });
    }

    /** Sends a write behind those of the same session that were sent before. */
    void send(Key<StrokeProgress> key, DocumentWrite<StrokeProgress> write, long deadline, Outcome outcome) {
        sender.submit(new WriteCall(redis, key, writer.prepare(write), deadline, listeners) {
            @Override
            void stored(long revision, @Nullable StateException unconfirmed) {
                outcome.stored(revision, unconfirmed);
            }

            @Override
            void failed(StateException failure) {
                outcome.failed(failure);
            }
        });
    }

    /** Reads a session as it is stored; one of both functions is called. */
    void read(Key<StrokeProgress> key, Consumer<Optional<StoredSession>> found, Consumer<Throwable> failed) {
        rounds.run(reader.reading(key), admission.deadline(), found, failed);
    }

    /** What a write came to. Told by the thread of the connections, in order. */
    interface Outcome {
        /** @param unconfirmed why not enough replicas have it; null if they have, or need not */
        void stored(long revision, @Nullable StateException unconfirmed);

        void failed(StateException failure);
    }
}
