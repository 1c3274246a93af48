package ai.tatbot.state.client.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A document to be stored. As long as it waits in the queue, a position takes the value of the next one; once the sender has
 * taken it, that needs an item of its own. Lock-free.
 */
final class PublishDocument<V> extends PublishItem {
    final PublishKey<V> key;

    /** Whether it was offered, and so counts as a position, even if it tells a transition too. */
    final boolean offered;

    /** Whether it holds a place among the transitions of the queue. */
    final boolean reserved;

    private final AtomicReference<@Nullable V> value;

    /** What is sent, the same bytes every time; made by the sender when it is its turn. */
    @Nullable
    DocumentWrite<?> write;

    /** Whether the key was gone when this was tried by the shorter script. */
    boolean anew;

    /** Whether it was sent before. */
    boolean tried;

    /** Its encoded form, from when it is put into a batch until it is sent. */
    @Nullable
    WriteArguments arguments;

    PublishDocument(PublishKey<V> key, V value, boolean offered, boolean reserved) {
        this.key = key;
        this.value = new AtomicReference<>(value);
        this.offered = offered;
        this.reserved = reserved;
    }

    /** Takes a newer value, unless the sender has this already. */
    boolean replace(V newer) {
        for (V old = value.get(); old != null; old = value.get()) {
            if (value.compareAndSet(old, newer)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the sender has not taken it yet. */
    boolean isWaiting() {
        return value.get() != null;
    }

    /** Takes the value out; the sender does so once. */
    @Nullable
    V take() {
        return value.getAndSet(null);
    }

    /** Puts back what was taken, since nothing could be made of it yet. */
    void putBack(V taken) {
        value.compareAndSet(null, taken);
    }

    @Override
    boolean isTransition() {
        return write == null ? reserved : write.tellsTransition();
    }

    @Override
    String what() {
        return "writing " + key.key();
    }

    @Override
    String source() {
        return key.key().name();
    }
}
