package ai.tatbot.state.client.internal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * What is under way: sent, and not answered yet; oldest first. Says what has to wait for those answers. Of the sender's thread.
 *
 * <p>Of what must keep its order, all that is under way went out in one flush: the steps of a key, and the transitions of all.
 */
final class PublishWindow {
    /**
     * Enough to keep Redis busy while more is made; little enough for the answers to fit into the buffers of the network, so that
     * neither side waits for the other to read.
     */
    static final int MOST = 200;

    private final Queue<PublishItem> items = new ArrayDeque<>(MOST);
    private int transitions;

    boolean isEmpty() {
        return items.isEmpty();
    }

    int size() {
        return items.size();
    }

    /** How much may be sent besides. */
    int room() {
        return MOST - items.size();
    }

    void addAll(List<PublishItem> sent) {
        for (PublishItem item : sent) {
            items.add(item);
            count(item, 1);
        }
    }

    /** What the next answer is for. */
    PublishItem first() {
        return items.element();
    }

    /** The first one is answered. */
    void answered() {
        count(items.remove(), -1);
    }

    /** All of it, oldest first. */
    List<PublishItem> items() {
        return List.copyOf(items);
    }

    /** The answers will not come. */
    void clear() {
        while (!items.isEmpty()) {
            answered();
        }
    }

    private void count(PublishItem item, int change) {
        if (item instanceof PublishDocument<?> document) {
            document.key.underWay += change;
        }
        if (item.isTransition()) {
            transitions += change;
        }
    }

    /** Whether this may not be sent before some of it is answered: if that is refused, it is sent again, and comes first. */
    boolean delays(PublishItem item) {
        if (item instanceof PublishDocument<?> document && document.key.underWay > 0) {
            return true;
        }
        return item.isTransition() ? transitions > 0 : item instanceof PublishMarker && !isEmpty();
    }
}
