package ai.tatbot.state.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the robot offered against what the viewer was told. Thread-safe.
 *
 * <p>A position is known on both sides by its document and time; the robot's are never equal. One that was not told is made up for
 * by a later one of its document. A transition is known by what it is and to what, and each must be told, in the order of its
 * channel, once.
 *
 * <p>The robot enters what it is about to offer, so nothing can be told before it is entered.
 */
final class Ledger {
    /** Latencies are kept to three digits, the longest of them as a minute. */
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final Lock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();

    /** Positions that were not told yet, by document and time; and when they were offered. */
    private final Map<String, NavigableMap<Instant, Long>> positions = new HashMap<>();

    private final Map<String, Long> revisions = new HashMap<>();
    private final Map<String, List<Turn>> turns = new HashMap<>();
    private final Set<String> eventIds = new HashSet<>();
    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private @Nullable String session;
    private long writes;
    private long updates;
    private long events;
    private long conflated;
    private long outOfOrder;
    private long lastMicros;

    /** Begins anew, for the next session. */
    void reset() {
        lock.lock();
        try {
            positions.clear();
            revisions.clear();
            turns.clear();
            eventIds.clear();
            micros.reset();
            session = null;
            writes = 0;
            updates = 0;
            events = 0;
            conflated = 0;
            outOfOrder = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Positions of this document are the updates, whose latency is measured. */
    void session(String document) {
        lock.lock();
        try {
            session = document;
        } finally {
            lock.unlock();
        }
    }

    /** A position is about to be offered. */
    void offering(String document, Instant time) {
        lock.lock();
        try {
            writes++;
            if (document.equals(session)) {
                updates++;
            }
            positions.computeIfAbsent(document, ignored -> new TreeMap<>()).put(time, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** A transition is about to be offered. */
    void turning(String channel, String what) {
        lock.lock();
        try {
            writes++;
            turns.computeIfAbsent(channel, ignored -> new ArrayList<>()).add(new Turn(what));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The viewer was told of a document.
     *
     * @param revision its revision; 0 if it has none
     * @param arrivalNanos when
     */
    void told(String document, Instant time, long revision, long arrivalNanos) {
        lock.lock();
        try {
            events++;
            Long last = revisions.get(document);
            if (last != null && revision < last) {
                outOfOrder++;
                return;
            }
            revisions.put(document, revision);
            NavigableMap<Instant, Long> waiting = positions.get(document);
            if (waiting == null) {
                return;
            }
            Long start = waiting.remove(time);
            if (start != null && document.equals(session)) {
                lastMicros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(arrivalNanos - start));
                micros.recordValue(Math.min(LONGEST_MICROS, lastMicros));
            }
            for (Iterator<Instant> earlier = waiting.headMap(time).keySet().iterator(); earlier.hasNext(); ) {
                earlier.next();
                earlier.remove();
                conflated++;
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The viewer was told of a transition. One that the robot did not offer, such as that of an earlier demo, is passed over.
     *
     * @param eventId its id in the log; null if it is in none
     */
    void told(String channel, String what, @Nullable String eventId) {
        lock.lock();
        try {
            events++;
            if (eventId != null && !eventIds.add(eventId)) {
                outOfOrder++;
                return;
            }
            List<Turn> ofChannel = turns.getOrDefault(channel, List.of());
            for (int i = 0; i < ofChannel.size(); i++) {
                Turn turn = ofChannel.get(i);
                if (!turn.told && turn.what.equals(what)) {
                    turn.told = true;
                    if (ofChannel.subList(i + 1, ofChannel.size()).stream().anyMatch(later -> later.told)) {
                        outOfOrder++;
                    }
                    break;
                }
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        if (isSettled()) {
            settled.signalAll();
        }
    }

    private boolean isSettled() {
        return lostPositions() == 0 && lostTransitions() == 0;
    }

    private long lostPositions() {
        return positions.values().stream().mapToLong(Map::size).sum();
    }

    private long lostTransitions() {
        return turns.values().stream()
                .flatMap(List::stream)
                .filter(turn -> !turn.told)
                .count();
    }

    /** Waits until everything offered is told or made up for, at most this long. */
    void awaitSettled(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!isSettled() && left > 0) {
                left = settled.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The counts at this moment. What is on its way counts as lost. */
    Counts counts() {
        lock.lock();
        try {
            return new Counts(
                    writes,
                    updates,
                    events,
                    conflated,
                    lostTransitions(),
                    lostPositions(),
                    outOfOrder,
                    lastMicros,
                    micros.getValueAtPercentile(50),
                    micros.getValueAtPercentile(99));
        } finally {
            lock.unlock();
        }
    }

    /** A transition that was offered. */
    private static final class Turn {
        private final String what;
        private boolean told;

        Turn(String what) {
            this.what = what;
        }
    }
}
