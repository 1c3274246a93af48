package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one listener, in order and bounded. While the listener keeps up, it gets everything. Once something has waited
 * for a while, only the latest change of each document is kept, in the place of the first that waits. Transitions are kept up to
 * a number, and beyond it left to {@code events:log}, from where the listener's thread gets them later; only those that are in
 * no log, because an older node published them, are then counted as lost.
 *
 * <p>Thread-safe; nothing here waits but {@link #take}.
 */
final class Mailbox {
    /** A listener that has let something wait for so long is a slow one. */
    static final Duration SLOW = Duration.ofMillis(100);

    static final int MOST_CHANGES = 1_024;
    static final int MOST_TRANSITIONS = 1_024;

    /** Turns of the condition, which come a few in a second at most. */
    private static final int MOST_STATUSES = 64;

    private final LongSupplier nanoTime;
    private final ArrayDeque<Letter> letters = new ArrayDeque<>();
    private final Map<Key<?>, Letter> latest = new HashMap<>();
    private int changes;
    private int transitions;
    private int statuses;
    private boolean conflating;
    private long conflated;
    private long lostUnlogged;

    /** Where the log is to be read from; null if everything is in the box. */
    private @Nullable LogCursor leftFrom;

    /** Up to which id it is to be read; null if nothing that was left is in the log. */
    private @Nullable String leftTo;

    /** How many transitions were left to the log, and neither told nor told to be lost since. */
    private long left;

    private boolean closed;

    Mailbox(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void put(StateChange<?> change) {
        if (closed) {
            return;
        }
        conflateIfSlow();
        Letter waiting = conflating ? latest.get(change.key()) : null;
        if (waiting != null) {
            waiting.content = change;
            conflated++;
            return;
        }
        Letter letter = add(change);
        changes++;
        if (conflating) {
            latest.put(change.key(), letter);
        }
    }

    /**
     * @param logged where the log stood before this transition; null if it is in no log
     */
    synchronized void put(StateTransition transition, @Nullable LogCursor logged) {
        if (closed) {
            return;
        }
        String id = transition.event().eventId();
        if (leftFrom == null && transitions < MOST_TRANSITIONS) {
            add(transition);
            transitions++;
        } else if (logged == null || id == null) {
            lostUnlogged++;
        } else {
            if (leftFrom == null) {
                leftFrom = logged.copy();
            }
            leftTo = id;
            left++;
        }
        notifyAll();
    }

    /**
     * @param before id of the entry of the log that comes after what is lost
     */
    synchronized void put(LostTransitions lost, String before) {
        if (closed) {
            return;
        }
        if (leftFrom != null) {
            // Whoever reads the log up to there finds the same gap.
            leftTo = before;
            left += lost.count();
            return;
        }
        Letter last = letters.peekLast();
        if (last != null && last.content instanceof LostTransitions more) {
            last.content =
                    new LostTransitions(more.count() + lost.count(), more.exact() && lost.exact(), lost.reason());
        } else {
            add(lost);
        }
    }

    synchronized void put(WatchStatus status) {
        if (closed) {
            return;
        }
        if (statuses >= MOST_STATUSES) {
            // The last one is what counts, in the place of one of a long row that nobody was told of.
            for (Iterator<Letter> newestFirst = letters.descendingIterator(); newestFirst.hasNext(); ) {
                Letter letter = newestFirst.next();
                if (letter.content instanceof WatchStatus) {
                    letter.content = status;
                    return;
                }
            }
        }
        statuses++;
        add(status);
    }

    private Letter add(Object content) {
        Letter letter = new Letter(content, nanoTime.getAsLong());
        letters.add(letter);
        notifyAll();
        return letter;
    }

    private boolean isSlow() {
        Letter oldest = letters.peek();
        return changes >= MOST_CHANGES || (oldest != null && nanoTime.getAsLong() - oldest.sinceNanos > SLOW.toNanos());
    }

    private void conflateIfSlow() {
        if (!conflating && isSlow()) {
            conflating = true;
            conflate();
        }
    }

    private void conflate() {
        latest.clear();
        for (Iterator<Letter> oldestFirst = letters.iterator(); oldestFirst.hasNext(); ) {
            Letter letter = oldestFirst.next();
            if (letter.content instanceof StateChange<?> change) {
                Letter first = latest.putIfAbsent(change.key(), letter);
                if (first != null) {
                    first.content = change;
                    oldestFirst.remove();
                    changes--;
                    conflated++;
                }
            }
        }
    }

    /**
     * The next content: a {@link StateChange}, {@link StateTransition}, {@link LostTransitions} or {@link WatchStatus}. Waits
     * until there is one, or transitions are to be read from the log.
     *
     * @param mayWait whether to wait
     * @return null if there is none now: closed, or {@link #left} tells what to read
     */
    synchronized @Nullable Object take(boolean mayWait) throws InterruptedException {
        while (mayWait && letters.isEmpty() && leftFrom == null && lostUnlogged == 0 && !closed) {
            wait();
        }
        // What came in a burst before it was slow has become old meanwhile.
        conflateIfSlow();
        Letter letter = closed ? null : letters.poll();
        if (letter == null) {
            return null;
        }
        if (letter.content instanceof StateChange<?> change) {
            changes--;
            latest.remove(change.key(), letter);
        } else if (letter.content instanceof StateTransition) {
            transitions--;
        } else if (letter.content instanceof WatchStatus) {
            statuses--;
        }
        conflating = conflating && changes > 0;
        return letter.content;
    }

    /** From where the log is to be read; null if it need not be, or not yet, because transitions before that are still in the box. */
    synchronized @Nullable LogCursor left() {
        return transitions == 0 ? leftFrom : null;
    }

    /** Up to which id the log is to be read now; null if not at all. */
    synchronized @Nullable String leftTo() {
        return leftTo;
    }

    /** Whether this entry of the log is one that was left to it. If not, what was left is gone from there. */
    synchronized boolean isLeft(String id) {
        return leftTo != null && LogEntry.compare(id, leftTo) <= 0;
    }

    /** So many of those that were left to the log have been told, or told to be lost. */
    synchronized void told(long some) {
        left = Math.max(0, left - some);
    }

    /** The log has been read up to where its cursor stands: whether that is all that was left to it. */
    synchronized boolean caughtUp() {
        if (leftFrom != null && (leftTo == null || !leftFrom.isBehind(leftTo))) {
            forgetLeft();
            return true;
        }
        return false;
    }

    /**
     * What was left to the log is gone from there. Returns how many transitions that were, at most.
     *
     * @param upTo {@link #leftTo} before the log was read; if more was left since, that may still be there, and nothing is given up
     */
    synchronized long giveUp(@Nullable String upTo) {
        if (!Objects.equals(upTo, leftTo)) {
            return 0;
        }
        long lost = left;
        forgetLeft();
        return lost;
    }

    private void forgetLeft() {
        leftFrom = null;
        leftTo = null;
        left = 0;
    }

    /** How many transitions are lost because they are in no log; then counts anew. */
    synchronized long takeLostUnlogged() {
        long lost = transitions == 0 ? lostUnlogged : 0;
        lostUnlogged -= lost;
        return lost;
    }

    synchronized long conflated() {
        return conflated;
    }

    /** How many contents wait. */
    synchronized int size() {
        return letters.size();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        letters.clear();
        latest.clear();
        notifyAll();
    }

    private static final class Letter {
        private Object content;
        private final long sinceNanos;

        Letter(Object content, long sinceNanos) {
            this.content = content;
            this.sinceNanos = sinceNanos;
        }
    }
}
