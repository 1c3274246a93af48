package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import org.jspecify.annotations.Nullable;

/**
 * Settles what a publisher took: each item is stored, dropped or superseded, once. Then it is counted, its key knows, the program
 * is told if need be, and its place in the queue is free. Of the sender's thread.
 */
final class Settlement {
    private final PublishQueue queue;
    private final PublishLeases leases;
    private final PublishMonitor monitor;

    Settlement(PublishQueue queue, PublishLeases leases, PublishMonitor monitor) {
        this.queue = queue;
        this.leases = leases;
        this.monitor = monitor;
    }

    /** Redis has answered that it stored it. */
    void stored(PublishItem item) {
        if (item instanceof PublishDocument<?> document && document.write != null) {
            document.key.stored(document.write);
        }
        settleStored(item);
    }

    /** It was not answered, but found to be stored. */
    void found(PublishItem item) {
        if (item instanceof PublishDocument<?> document && document.write != null) {
            document.key.found(document.write);
        }
        settleStored(item);
    }

    private void settleStored(PublishItem item) {
        if (item.isTransition()) {
            monitor.transitionSent();
        }
        release(item);
        if (item instanceof PublishDocument<?> document && document.write != null) {
            if (document.offered) {
                monitor.positionSent();
            }
            PublishKey<?> key = document.key;
            key.storedNumber = Math.max(key.storedNumber, document.number);
            if (key instanceof PublishSession session) {
                leases.stored(session);
            }
        }
    }

    /** It will never be in Redis. Tells so, unless there is no message. */
    void drop(PublishItem item, @Nullable String message, @Nullable Throwable cause) {
        if (item.isTransition()) {
            monitor.transitionLost();
        }
        release(item);
        if (item instanceof PublishDocument<?> document) {
            if (document.offered) {
                monitor.positionDropped();
            }
            if (document.write != null) {
                document.key.dropped(document.write);
            }
            tellIfLost(document.key);
        }
        if (message != null) {
            monitor.report(Problem.Kind.NOT_PUBLISHED, item.source(), message, cause);
        }
    }

    /** It gives way to a newer position of its key. */
    void supersede(PublishDocument<?> document) {
        if (document.offered) {
            queue.conflate();
        }
        release(document);
    }

    /** It was refused because its session belongs to another writer. */
    void lose(PublishDocument<?> document, StateException failure) {
        if (document.key instanceof PublishSession session && session.lost() == null) {
            monitor.failed(failure);
            session.lose("another writer has taken it over or ended it");
        }
        drop(document, null, failure);
    }

    /** Tells once that a session is lost, if it is one and is lost. */
    void tellIfLost(PublishKey<?> key) {
        if (!(key instanceof PublishSession session)) {
            return;
        }
        String why = session.lost();
        if (why != null && session.tellOnce()) {
            monitor.sessionLost();
            leases.lost(session);
            monitor.report(
                    Problem.Kind.NOT_PUBLISHED,
                    session.key().name(),
                    "the session is lost: " + why + ". What is offered to it is dropped; start a new one.",
                    null);
        }
    }

    private void release(PublishItem item) {
        if (item instanceof PublishEvent || (item instanceof PublishDocument<?> document && document.reserved)) {
            queue.release();
        }
    }
}
