package ai.tatbot.state.server.live;

import java.util.List;

/**
 * What a reader is told next.
 *
 * @param items oldest first; documents and nodes conflated to their latest
 * @param lost how many transitions came and went since the reader's cursor
 * @param snapshot whether this is everything there is, and the reader must forget what it knew
 * @param cursor where the reader stands afterwards
 */
public record Batch(List<Item> items, long lost, boolean snapshot, Cursor cursor) {
    /** Whether there is nothing to tell. */
    public boolean isEmpty() {
        return items.isEmpty() && lost == 0 && !snapshot;
    }
}
