package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document that a publisher writes: the position that waits, and what the sender knows of it. Only {@link #open} and what says
 * so is for all threads; the rest belongs to the sender.
 *
 * @param <V> what is offered
 */
abstract class PublishKey<V> {
    /** The position put into the queue last, while no transition has come behind it. For all threads. */
    volatile @Nullable PublishDocument<V> open;

    /** The newest item that is known to be stored. */
    long storedNumber;

    /** The batch that the last item was sent in. */
    long batch;

    /** How many items are sent and not answered. */
    int underWay;

    /** Whether the item sent last decides over those behind it, so that they wait for its answer. */
    boolean decides;

    abstract Key<? extends Document> key();

    /** The write of a value. Values come in the order in which they were offered. */
    abstract DocumentWrite<?> write(V value);

    /** Completes a write that is about to be sent over this connection, for the first time or again. */
    void prepare(DocumentWrite<?> write) {}

    /** Fields of the stored document that must be read over this connection before the next write; empty if none. */
    List<byte[]> wanted(int connection) {
        return List.of();
    }

    /** Takes the fields that were {@link #wanted}. */
    void learn(int connection, List<byte @Nullable []> fields) {}

    /** All that was sent over the old connection is settled; the next write relies on what was learned. */
    void settle() {}

    /** Whether the stored document, as it was read last, shows that this was stored. */
    boolean shows(DocumentWrite<?> write) {
        return false;
    }

    /** The stored document is not what was taken for granted. */
    void unlearn() {}

    /** Redis has answered that it stored a write. */
    void stored(DocumentWrite<?> write) {}

    /** A write that was not answered was found to be stored. */
    void found(DocumentWrite<?> write) {}

    /** A write was given up. */
    void dropped(DocumentWrite<?> write) {}

    /** Why nothing of this can be stored any more; null while it can. */
    @Nullable
    String lost() {
        return null;
    }
}
