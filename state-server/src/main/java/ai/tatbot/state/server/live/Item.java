package ai.tatbot.state.server.live;

import ai.tatbot.state.model.StateJson;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link ChangeFeed}. Immutable, but for the bytes that its first reader makes of it for all others.
 *
 * <p>Thread-safe.
 */
public final class Item {
    private final News news;
    private final long sequence;
    private final long transitions;
    private final String logId;
    private final long size;
    private volatile byte @Nullable [] encoded;

    Item(News news, long sequence, long transitions, String logId) {
        this.news = news;
        this.sequence = sequence;
        this.transitions = transitions;
        this.logId = logId;
        this.size = news instanceof News.OfTransition told
                ? StateJson.write(told.transition().event()).length
                : 0;
    }

    /** What is new. */
    public News news() {
        return news;
    }

    /** Where a reader stands that has read up to here. */
    public Cursor cursor() {
        return new Cursor(sequence, transitions, logId);
    }

    /** Bytes of a transition; 0 for all else, which is bounded by the fleet. */
    long size() {
        return size;
    }

    long sequence() {
        return sequence;
    }

    /** Its bytes, made by the first who asks. Not to be changed. */
    public byte[] encoded(Function<Item, byte[]> encoder) {
        byte[] bytes = encoded;
        if (bytes == null) {
            bytes = encoder.apply(this);
            encoded = bytes;
        }
        return bytes;
    }
}
