package ai.tatbot.state.client.chaos;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the writers know: every write that Redis acknowledged and when, every transition, and which of them have an unknown outcome.
 * Thread-safe.
 */
final class Ledger {
    private final Map<Key<? extends Document>, Lane> revisions = new ConcurrentHashMap<>();
    private final Map<Key<? extends Document>, Lane> numbers = new ConcurrentHashMap<>();
    private final Set<String> possible = ConcurrentHashMap.newKeySet();
    private final Set<Long> unknownNumbers = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<String, Count> transitions = new HashMap<>();

    /** Only what was begun after this moment is sure to be in Redis. */
    private volatile long keptFromNanos = Long.MIN_VALUE;

    private volatile long emptiedNanos = Long.MAX_VALUE;
    private volatile long emptiedMicros;

    /** Each of our writes of this key raises its revision; the ledger knows which were acknowledged. */
    void acknowledged(Key<? extends Document> key, long revision, long beginNanos) {
        add(revisions, key, revision, beginNanos);
    }

    /** A number for the next write of a key whose writers, with revisions or without, write one after another. */
    long nextNumber() {
        long number = lastNumber.incrementAndGet();
        unknownNumbers.add(number);
        return number;
    }

    void acknowledgedNumber(Key<? extends Document> key, long number, long beginNanos) {
        unknownNumbers.remove(number);
        add(numbers, key, number, beginNanos);
    }

    boolean isUnknown(long number) {
        return unknownNumbers.contains(number);
    }

    private void add(
            Map<Key<? extends Document>, Lane> lanes, Key<? extends Document> key, long order, long beginNanos) {
        Lane lane = lanes.computeIfAbsent(key, ignored -> new Lane());
        synchronized (lane) {
            if (beginNanos - keptFromNanos > 0 && keptFromNanos != Long.MAX_VALUE) {
                lane.add(System.nanoTime(), order);
            }
        }
    }

    Set<Key<? extends Document>> keys() {
        Set<Key<? extends Document>> keys = new HashSet<>(revisions.keySet());
        keys.addAll(numbers.keySet());
        return keys;
    }

    /** The revision that whoever knows everything up to then must know at least; 0 if none. */
    long revisionAt(Key<? extends Document> key, long nanos) {
        return at(revisions, key, nanos);
    }

    /** As {@link #revisionAt}, for a numbered key. */
    long numberAt(Key<? extends Document> key, long nanos) {
        return at(numbers, key, nanos);
    }

    private static long at(Map<Key<? extends Document>, Lane> lanes, Key<? extends Document> key, long nanos) {
        Lane lane = lanes.get(key);
        if (lane == null) {
            return 0;
        }
        synchronized (lane) {
            return lane.at(nanos);
        }
    }

    // ---- Redis loses its data

    /** From now on nothing is sure. */
    void emptying() {
        keptFromNanos = Long.MAX_VALUE;
        for (Map<Key<? extends Document>, Lane> lanes : List.of(revisions, numbers)) {
            lanes.values().forEach(lane -> {
                synchronized (lane) {
                    lane.clear();
                }
            });
        }
    }

    /** The process is dead. */
    void dead() {
        emptiedMicros = System.currentTimeMillis() * 1_000;
        keptFromNanos = System.nanoTime();
    }

    /** The empty one runs. */
    void emptied() {
        emptiedNanos = System.nanoTime();
    }

    /** Lowest revision that may be known to whoever knows everything up to then: what was before is gone. */
    long lowestRevisionAt(long nanos) {
        return emptiedNanos != Long.MAX_VALUE && nanos - emptiedNanos > 0 ? emptiedMicros : 0;
    }

    // ---- transitions

    /** A write that tells this transition if Redis finds that it is one. */
    void mayTell(String transition) {
        possible.add(transition);
    }

    boolean couldTell(String transition) {
        return possible.contains(transition);
    }

    /** It will be sent; until {@link #told} its outcome is unknown. */
    synchronized void attempt(String transition) {
        transitions.computeIfAbsent(transition, ignored -> new Count()).unknown++;
    }

    /** It was acknowledged. */
    synchronized void told(String transition) {
        Count count = transitions.computeIfAbsent(transition, ignored -> new Count());
        count.unknown--;
        count.certain++;
    }

    /** A copy of all counts. */
    synchronized Map<String, Count> transitions() {
        Map<String, Count> copy = new HashMap<>();
        transitions.forEach((transition, count) -> copy.put(transition, new Count(count)));
        return copy;
    }

    /** How often a transition was told. */
    static final class Count {
        private int certain;
        private int unknown;

        private Count() {}

        private Count(Count other) {
            certain = other.certain;
            unknown = other.unknown;
        }

        int certain() {
            return certain;
        }

        int unknown() {
            return unknown;
        }
    }

    /** Acknowledged writes of one key. */
    private static final class Lane {
        private final List<long[]> writes = new ArrayList<>();

        void add(long nanos, long order) {
            long highest = writes.isEmpty() ? order : Math.max(order, writes.get(writes.size() - 1)[1]);
            writes.add(new long[] {nanos, highest});
        }

        long at(long nanos) {
            for (int i = writes.size() - 1; i >= 0; i--) {
                if (writes.get(i)[0] - nanos <= 0) {
                    return writes.get(i)[1];
                }
            }
            return 0;
        }

        void clear() {
            writes.clear();
        }
    }
}
