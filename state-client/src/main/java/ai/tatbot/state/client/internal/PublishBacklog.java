package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.InvalidValueException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher has to send: first what must be sent again, oldest first, then what waits in the queue. Makes batches of it.
 * Of the sender's thread.
 */
final class PublishBacklog {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishQueue queue;
    private final PublishLink link;
    private final PublishWindow window;
    private final Settlement settlement;
    private final PublishMonitor monitor;
    private final Queue<PublishItem> again = new PriorityQueue<>(Comparator.comparingLong(item -> item.number));
    private long taken;
    private long batches;

    PublishBacklog(
            RedisConnections redis,
            Namespace namespace,
            PublishQueue queue,
            PublishLink link,
            PublishWindow window,
            Settlement settlement,
            PublishMonitor monitor) {
        this.redis = redis;
        this.namespace = namespace;
        this.queue = queue;
        this.link = link;
        this.window = window;
        this.settlement = settlement;
        this.monitor = monitor;
    }

    boolean isEmpty() {
        return queue.isEmpty() && again.isEmpty();
    }

    /** Puts back what was taken before, in front of all that came later. */
    void putBack(PublishItem item) {
        again.add(item);
    }

    /**
     * Writes a session's last position again, before what waits in the queue; unless something of it is under way or sent again
     * anyway, which renews as well.
     */
    void renew(PublishSession session) {
        if (session.underWay > 0 || isSentAgain(session)) {
            return;
        }
        PublishItem renewal = session.renewal();
        renewal.number = ++taken;
        again.add(renewal);
    }

    private boolean isSentAgain(PublishSession session) {
        return again.stream().anyMatch(item -> item instanceof PublishDocument<?> document && document.key == session);
    }

    /**
     * Takes what goes out next, ready to be sent: as much as can go in one flush, and no more than this. Nothing overtakes what has
     * to wait for answers.
     */
    List<PublishItem> takeBatch(int most) {
        batches++;
        if (next() == null) {
            return List.of();
        }
        // Of its full size, for what was taken must not be forgotten because a list cannot grow.
        List<PublishItem> batch = new ArrayList<>(most);
        while (batch.size() < most) {
            PublishItem item = next();
            if (item == null || !fits(item, batch)) {
                break;
            }
            take(item);
            if (isSendable(item, batch)) {
                if (window.delays(item)) {
                    // A transition, which a robot's state turns out to be when it is built.
                    putBack(item);
                    break;
                }
                batch.add(item);
            }
        }
        return batch;
    }

    private @Nullable PublishItem next() {
        return again.isEmpty() ? queue.peek() : again.peek();
    }

    /** The same, but nothing that was taken is forgotten if that fails: what cannot be built by mistake is dropped and told. */
    private boolean isSendable(PublishItem item, List<PublishItem> batch) {
        try {
            return isSendable(item);
        } catch (RuntimeException e) {
            settlement.drop(item, item.what() + ": " + e + ". It was dropped.", e);
            return false;
        } catch (Error e) {
            // Out of memory, say: all of it is tried again.
            batch.forEach(this::putBack);
            putBack(item);
            throw e;
        }
    }

    private void take(PublishItem item) {
        if (again.isEmpty()) {
            queue.remove(item);
        } else {
            again.remove();
        }
        if (item.number == 0) {
            item.number = ++taken;
        }
    }

    /** Whether this can go with this batch, and now. */
    private boolean fits(PublishItem item, List<PublishItem> batch) {
        if (window.delays(item)) {
            return false;
        }
        if (item instanceof PublishMarker) {
            return batch.isEmpty();
        }
        return !(item instanceof PublishDocument<?> document) || fits(document.key, batch);
    }

    /** The same for a document; reads what must be known before. */
    private boolean fits(PublishKey<?> key, List<PublishItem> batch) {
        if (key.decides && key.batch == batches) {
            return false;
        }
        if (!key.wanted(link.number()).isEmpty()) {
            if (!batch.isEmpty() || !window.isEmpty()) {
                return false;
            }
            link.learn(key);
            key.settle();
            monitor.online();
        }
        return true;
    }

    /** Whether this is to be sent; if not, it is settled. */
    private boolean isSendable(PublishItem item) {
        if (item instanceof PublishMarker marker) {
            marker.reach(monitor.drops());
            return false;
        }
        return !(item instanceof PublishDocument<?> document) || isSendable(document);
    }

    private boolean isSendable(PublishDocument<?> document) {
        if (document.write == null && !build(document)) {
            return false;
        }
        if (document.key.lost() != null) {
            settlement.drop(document, null, null);
            return false;
        }
        if (document.tried && isSuperseded(document)) {
            settlement.supersede(document);
            return false;
        }
        return prepare(document);
    }

    private <V> boolean build(PublishDocument<V> document) {
        V value = document.take();
        if (value == null) {
            return false;
        }
        try {
            document.write = document.key.write(value);
            return true;
        } catch (InvalidValueException e) {
            dropInvalid(document, e);
            return false;
        } catch (Error e) {
            document.putBack(value);
            throw e;
        }
    }

    private static boolean isSuperseded(PublishDocument<?> document) {
        PublishDocument<?> open = document.key.open;
        return !document.isTransition()
                && (document.key.storedNumber > document.number || (open != null && open.isWaiting()));
    }

    private boolean prepare(PublishDocument<?> document) {
        DocumentWrite<?> write = document.write;
        if (write == null) {
            return false;
        }
        try {
            document.arguments = new WriteArguments(write, namespace, redis.lastSeq());
        } catch (InvalidValueException e) {
            dropInvalid(document, e);
            return false;
        }
        document.key.prepare(write);
        document.key.batch = batches;
        return true;
    }

    private void dropInvalid(PublishDocument<?> document, InvalidValueException e) {
        settlement.drop(document, document.what() + ": " + e.getMessage() + ". It was dropped.", e);
    }
}
