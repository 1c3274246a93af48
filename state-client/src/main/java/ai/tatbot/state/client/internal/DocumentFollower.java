package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the {@link View} of a watch current: by events, and by reads where events do not say enough.
 *
 * <p>What reads takes the lock of the watch by itself, and holds it for memory only; all else is called under it.
 */
final class DocumentFollower {
    private final Object lock;
    private final RedisConnections redis;
    private final DocumentReader documents;
    private final Indexes indexes;
    private final WatchScope scope;
    private final View view;
    private final WatchCondition condition;
    private final WatchAgenda agenda;

    /** Only the thread that reads uses it. */
    private boolean indexReported;

    DocumentFollower(
            Object lock,
            RedisConnections redis,
            DocumentReader documents,
            Indexes indexes,
            WatchScope scope,
            View view,
            WatchCondition condition,
            WatchAgenda agenda) {
        this.lock = lock;
        this.redis = redis;
        this.documents = documents;
        this.indexes = indexes;
        this.scope = scope;
        this.view = view;
        this.condition = condition;
        this.agenda = agenda;
    }

    /** An event that tells of a document in the scope. Under the lock. */
    View.Outcome onEvent(Key<? extends Document> subject, Event event) {
        View.Outcome outcome = view.apply(subject, event, System.nanoTime());
        if (outcome != View.Outcome.DONE) {
            agenda.owe(subject);
        }
        return outcome;
    }

    // ---- reading: calls Redis

    /**
     * Reads every document that is listed or known.
     *
     * @param of number of the connection when that began
     * @param cause what to tell if a document is news
     * @return whether this was still the same connection when it was done; else nothing was taken over
     */
    boolean readAll(int of, Cause cause) {
        Set<Key<? extends Document>> keys = listed();
        long stamp;
        synchronized (lock) {
            stamp = view.stamp();
            view.keys().forEach(key -> keys.add(Subjects.document(key)));
        }
        List<StoredDocument<?>> stored = documents.readStored(List.copyOf(keys));
        List<Problem> problems = new ArrayList<>();
        synchronized (lock) {
            if (condition.connection() != of) {
                return false;
            }
            stored.forEach(document -> apply(document, stamp, cause, problems));
            agenda.oweExpired(System.nanoTime());
        }
        problems.forEach(redis::report);
        return true;
    }

    private Set<Key<? extends Document>> listed() {
        Set<Key<? extends Document>> keys = new LinkedHashSet<>();
        if (scope.key().isPresent()) {
            keys.add(Subjects.document(scope.key().get()));
            return keys;
        }
        for (KeyKind<?> kind : scope.kinds()) {
            kind.index()
                    .ifPresent(index ->
                            DocumentReader.keys(kind, ids(index)).forEach(key -> keys.add(Subjects.document(key))));
        }
        return keys;
    }

    /** An index that someone has overwritten lists nothing; what is known without it is followed all the same. */
    private Set<String> ids(KeyKind<Void> index) {
        try {
            Set<String> ids = indexes.ids(index);
            indexReported = false;
            return ids;
        } catch (StateException e) {
            if (e.reason() != Reason.INVALID) {
                throw e;
            }
            if (!indexReported) {
                indexReported = true;
                redis.report(new Problem(
                        Problem.Kind.INVALID_DOCUMENT, index.toString(), String.valueOf(e.getMessage()), e));
            }
            return Set.of();
        }
    }

    /** Reads the documents that are owed. */
    void readOwed() {
        Map<Key<? extends Document>, Long> batch;
        int of;
        long stamp;
        synchronized (lock) {
            batch = agenda.takeOwed();
            of = condition.connection();
            stamp = view.stamp();
        }
        List<StoredDocument<?>> stored;
        try {
            stored = documents.readStored(List.copyOf(batch.keySet()));
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                agenda.oweAgain(batch);
            }
            throw e;
        }
        List<Problem> problems = new ArrayList<>();
        synchronized (lock) {
            if (condition.connection() == of) {
                stored.forEach(document -> apply(document, stamp, Cause.REREAD, problems));
                agenda.oweTheRest();
                agenda.oweExpired(System.nanoTime());
                condition.look();
            } else {
                // Whoever wrote it may be in no index, so that a snapshot would not find it.
                agenda.oweAgain(batch);
            }
        }
        problems.forEach(redis::report);
    }

    /** Under the lock. */
    private void apply(StoredDocument<?> document, long stamp, Cause cause, List<Problem> problems) {
        Problem problem = document.problem();
        if (problem != null && !view.knowsProblem(document.key(), problem.message())) {
            problems.add(problem);
        }
        if (view.apply(document, stamp, cause, System.nanoTime())) {
            agenda.owe(document.key());
        }
    }
}
