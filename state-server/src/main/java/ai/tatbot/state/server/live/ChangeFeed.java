package ai.tatbot.state.server.live;

import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the fleet, numbered, for any number of readers of any speed. A reader keeps a {@link Cursor} and asks what is newer, so
 * nothing is buffered for it. Of a document or node the latest is kept; of transitions the last {@value #MOST_TRANSITIONS}, and a
 * reader that comes too late for some is told how many. Memory is bounded by that and the fleet's size.
 *
 * <p>Thread-safe. Nothing blocks but {@link #await}.
 */
public final class ChangeFeed {
    static final int MOST_TRANSITIONS = 10_000;
    private static final int MOST_PROBLEMS = 200;

    /** How many documents that are gone are remembered, so that a reader is told. One who comes later gets a snapshot. */
    private static final int MOST_GONE = 10_000;

    /** Of transitions in all; whoever publishes many large ones must not fill the memory. */
    private static final long MOST_BYTES = 8L << 20;

    /** A reader that is far behind is told so many bytes of transitions at a time. */
    private static final long MOST_AT_A_TIME = 1L << 20;

    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final Map<Object, Item> latest = new HashMap<>();
    private final Shelf transitions = new Shelf(MOST_TRANSITIONS, MOST_BYTES);
    private final Shelf losses = new Shelf(MOST_PROBLEMS);
    private final Shelf problems = new Shelf(MOST_PROBLEMS);
    private final Shelf gone = new Shelf(MOST_GONE);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long sequence;
    private long transitionCount;
    private String logId = Cursor.NO_LOG_ID;

    /** Readers that stand before this one have missed that something is gone. */
    private long forgotten;

    /** A place among those that are woken. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Calls this whenever there is something new, on the thread that brings it: it must be quick, and must not throw. Whoever is
     * called reads when it likes.
     */
    public Registration onNews(Runnable wake) {
        listeners.add(wake);
        return () -> listeners.remove(wake);
    }

    void put(News news) {
        synchronized (this) {
            sequence++;
            if (news instanceof News.OfTransition told) {
                transitionCount++;
                String id = told.transition().event().eventId();
                logId = id == null ? logId : id;
            }
            Item item = new Item(news, sequence, transitionCount, logId);
            items.put(sequence, item);
            if (news instanceof News.OfDocument document) {
                replace(document.key(), item, document.change().value() == null);
            } else if (news instanceof News.OfNode node) {
                replace("node:" + node.nodeId(), item, node.condition() == null);
            } else {
                shelf(news).add(sequence, item.size(), items);
            }
            notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    private Shelf shelf(News news) {
        if (news instanceof News.OfTransition) {
            return transitions;
        }
        return news instanceof News.OfLoss ? losses : problems;
    }

    private void replace(Object subject, Item item, boolean isGone) {
        Item before = latest.put(subject, item);
        if (before != null) {
            items.remove(before.sequence());
        }
        if (isGone) {
            Long dropped = gone.add(item.sequence(), 0, items);
            if (dropped != null) {
                forgotten = dropped;
                latest.values().removeIf(old -> old.sequence() == dropped);
            }
        }
    }

    /** Wakes everyone, although nothing is new here: the condition of the watch is another. */
    void wake() {
        listeners.forEach(Runnable::run);
    }

    /** Where a reader stands that has read everything. */
    public synchronized Cursor head() {
        return new Cursor(sequence, transitionCount, logId);
    }

    /** What there is now, without what is over: documents and nodes. */
    public synchronized Batch snapshot(Filter filter) {
        List<Item> found = new ArrayList<>();
        for (Item item : items.values()) {
            if (isThere(item.news()) && filter.includes(item.news())) {
                found.add(item);
            }
        }
        return new Batch(found, 0, true, head());
    }

    private static boolean isThere(News news) {
        return (news instanceof News.OfNode node && node.condition() != null)
                || (news instanceof News.OfDocument document
                        && document.change().value() != null);
    }

    /**
     * What is newer than this cursor, which must come from this feed. If that cannot be said any more, a snapshot, and behind it the
     * transitions that are newer. Of many transitions some; the batch's cursor then stands behind the last of them.
     */
    public synchronized Batch since(Cursor cursor, Filter filter) {
        if (cursor.sequence() > sequence) {
            return snapshot(filter);
        }
        // All that have left the shelf since; of another channel than those asked for, perhaps.
        long lost = filter.wantsTransitions()
                ? Math.max(0, transitionCount - transitions.size() - cursor.transitions())
                : 0;
        boolean isSnapshot = cursor.sequence() < forgotten;
        List<Item> found = new ArrayList<>(isSnapshot ? snapshot(filter).items() : List.of());
        long bytes = 0;
        for (Item item : items.tailMap(cursor.sequence(), false).values()) {
            boolean told = isSnapshot && isState(item.news());
            if (!told && filter.includes(item.news())) {
                found.add(item);
                bytes += item.size();
                if (bytes > MOST_AT_A_TIME && !isSnapshot) {
                    return new Batch(found, lost, false, item.cursor());
                }
            }
        }
        return new Batch(found, lost, isSnapshot, head());
    }

    /** The transitions up to here that came since this process began and are still there, oldest first. */
    public synchronized List<StateTransition> transitionsUpTo(Cursor cursor) {
        return items.headMap(cursor.sequence(), true).values().stream()
                .map(Item::news)
                .filter(News.OfTransition.class::isInstance)
                .map(news -> ((News.OfTransition) news).transition())
                .toList();
    }

    private static boolean isState(News news) {
        return news instanceof News.OfDocument || news instanceof News.OfNode;
    }

    /** The latest document of this key; empty if there is none or it is not known. */
    public synchronized Optional<StateChange<? extends Document>> document(Key<?> key) {
        Item item = latest.get(key);
        return item != null && item.news() instanceof News.OfDocument document
                ? Optional.of(document.change())
                : Optional.empty();
    }

    /**
     * Waits until the latest change of a document fulfils a condition.
     *
     * @param condition given null while nothing is known of the document; called with the feed's lock held
     * @return the change; null if the time is over
     */
    public synchronized @Nullable StateChange<?> await(
            Key<?> key, Predicate<@Nullable StateChange<?>> condition, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (true) {
            StateChange<?> change = document(key).orElse(null);
            if (condition.test(change)) {
                return change;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
    }
}
