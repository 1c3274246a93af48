package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.internal.WatchAgenda.Work;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a watch that reads what is due, and tries again after a failure, until the watch is closed. */
final class WatchReader {
    private static final Logger LOG = LoggerFactory.getLogger(WatchReader.class);

    private static final Duration READ_RETRY = Duration.ofMillis(100);
    private static final Duration READ_RETRY_FOR_PEOPLE = Duration.ofSeconds(2);

    private final Object lock;
    private final RedisConnections redis;
    private final WatchScope scope;
    private final Freshness freshness;
    private final WatchCondition condition;
    private final WatchAgenda agenda;
    private final TransitionFollower transitions;
    private final DocumentFollower documents;
    private final Thread thread;

    /** Only the thread uses it. */
    private boolean failureReported;

    WatchReader(
            Object lock,
            RedisConnections redis,
            WatchScope scope,
            Freshness freshness,
            WatchCondition condition,
            WatchAgenda agenda,
            TransitionFollower transitions,
            DocumentFollower documents) {
        this.lock = lock;
        this.redis = redis;
        this.scope = scope;
        this.freshness = freshness;
        this.condition = condition;
        this.agenda = agenda;
        this.transitions = transitions;
        this.documents = documents;
        this.thread = Threads.daemon(this::read, "tatbot-watch-" + scope);
    }

    void start() {
        thread.start();
    }

    private void read() {
        while (!condition.isClosed()) {
            try {
                step();
                failureReported = false;
            } catch (StateException e) {
                failed(e);
            } catch (InterruptedException e) {
                LOG.debug("the thread of the watch of {} was interrupted", scope);
            } catch (RuntimeException | Error e) {
                failed(new StateException(Reason.INTERNAL, "reading for the watch of " + scope + ": " + e, e));
            }
        }
    }

    private void failed(StateException e) {
        if (condition.isClosed()) {
            return;
        }
        if (e.reason() == Reason.CLOSED) {
            // This watch is closed next.
            synchronized (lock) {
                agenda.pause(READ_RETRY);
            }
            return;
        }
        boolean people = RedisErrors.needsPeople(e) || e.reason() == Reason.INVALID || e.reason() == Reason.INTERNAL;
        synchronized (lock) {
            agenda.pause(people ? READ_RETRY_FOR_PEOPLE : READ_RETRY);
            condition.because(e.getMessage());
            if (failureReported || (!condition.isSubscribed() && !people)) {
                // The feed has told of the outage already.
                return;
            }
            failureReported = true;
        }
        redis.report(new Problem(
                people ? Problem.Kind.SIDE_EFFECT_FAILED : Problem.Kind.DISCONNECTED,
                scope.toString(),
                "the watch is stale: " + e.getMessage() + " It goes on trying.",
                e));
    }

    private void step() throws InterruptedException {
        Work work = await();
        if (work == null) {
            return;
        }
        switch (work) {
            case SNAPSHOT -> readSnapshot();
            case OWED -> documents.readOwed();
            case LOG -> transitions.catchUp();
            case RECONCILE -> reconcile();
        }
    }

    /** Waits for the next thing to do; null once the watch is closed. */
    private @Nullable Work await() throws InterruptedException {
        synchronized (lock) {
            while (!condition.isClosed()) {
                long now = System.nanoTime();
                long until = WatchAgenda.NEVER;
                if (condition.isSubscribed()) {
                    Work work = agenda.next(now);
                    if (work != null) {
                        return work;
                    }
                    until = agenda.nextAt(now);
                }
                if (until == WatchAgenda.NEVER) {
                    lock.wait();
                } else {
                    // A moment more than nothing, or it would wait for ever.
                    TimeUnit.NANOSECONDS.timedWait(lock, Math.max(TimeUnit.MILLISECONDS.toNanos(1), until - now));
                }
            }
        }
        return null;
    }

    /** After every connection: all documents, and the transitions that were missed. */
    private void readSnapshot() {
        long begin = System.nanoTime();
        int of = connection();
        // The log first: a document that cannot be read must not hold up the transitions.
        transitions.catchUpAnew();
        Cause cause = freshness.everSynced() ? Cause.REREAD : Cause.SNAPSHOT;
        if (!documents.readAll(of, cause)) {
            return;
        }
        synchronized (lock) {
            if (condition.connection() == of && condition.isSubscribed() && !condition.isClosed()) {
                agenda.snapshotRead(begin);
                condition.look();
            }
        }
    }

    private void reconcile() {
        long begin = System.nanoTime();
        int of = connection();
        try {
            transitions.catchUp();
            if (documents.readAll(of, Cause.REREAD)) {
                synchronized (lock) {
                    agenda.everythingRead();
                    agenda.reconciled(begin);
                }
            }
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                agenda.notEverythingRead(begin);
            }
            throw e;
        }
    }

    private int connection() {
        synchronized (lock) {
            return condition.connection();
        }
    }
}
