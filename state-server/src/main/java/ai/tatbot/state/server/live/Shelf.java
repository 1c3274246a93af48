package ai.tatbot.state.server.live;

import java.util.ArrayDeque;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Room for so many entries of one sort, and so many bytes of them; the oldest leave when there is none. Not thread-safe. */
final class Shelf {
    private final int most;
    private final long mostBytes;
    private final ArrayDeque<Place> places = new ArrayDeque<>();
    private long bytes;

    Shelf(int most) {
        this(most, Long.MAX_VALUE);
    }

    Shelf(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** @return the last entry that had to leave; null if there was room, or it had been replaced already */
    @Nullable
    Long add(long sequence, long size, NavigableMap<Long, Item> items) {
        places.add(new Place(sequence, size));
        bytes += size;
        Long left = null;
        while (places.size() > most || (bytes > mostBytes && places.size() > 1)) {
            Place oldest = places.remove();
            bytes -= oldest.size;
            if (items.remove(oldest.sequence) != null) {
                left = oldest.sequence;
            }
        }
        return left;
    }

    /** How many entries are on it. */
    int size() {
        return places.size();
    }

    private record Place(long sequence, long size) {}
}
