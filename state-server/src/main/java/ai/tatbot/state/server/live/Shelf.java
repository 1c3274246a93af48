package ai.tatbot.state.server.live;

import java.util.ArrayDeque;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Room for so many entries of one sort; the oldest leaves when there is none. Not thread-safe. */
final class Shelf {
    private final int most;
    private final ArrayDeque<Long> sequences = new ArrayDeque<>();

    Shelf(int most) {
        this.most = most;
    }

    /** @return the entry that had to leave; null if there was room, or the oldest had been replaced already */
    @Nullable
    Long add(long sequence, NavigableMap<Long, Item> items) {
        sequences.add(sequence);
        if (sequences.size() <= most) {
            return null;
        }
        Long oldest = sequences.remove();
        return items.remove(oldest) == null ? null : oldest;
    }

    /** How many entries are on it. */
    int size() {
        return sequences.size();
    }
}
