package ai.tatbot.state.server.demo;

import ai.tatbot.state.model.ProgressUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/**
 * What demo-hog has written, against what demo-ook's subscriptions have received of it: updates and turns of the session, and
 * states of the robot. The two have nothing else in common.
 *
 * <p>What is written and not received after a while is lost. An event is out of order if its revision is lower than one
 * received before it on the same channel: each channel is a subscription of its own, and nothing is promised between two.
 *
 * <p>The latency of an update of the session runs from before the writer's call until the subscriber's listener is called, both
 * by {@link System#nanoTime()} of this one process: encoding, storing, publishing and decoding are all in it.
 *
 * <p>Thread-safe. An event may be received before its writer knows its revision.
 */
final class Ledger {
    /** Latencies are kept to three digits, the longest of them as a minute. */
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final Lock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Map<Sent, Long> written = new HashMap<>();
    private final Map<Sent, Long> received = new HashMap<>();
    private final Map<String, Long> lastRevision = new HashMap<>();
    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private long writes;
    private long updates;
    private long events;
    private long outOfOrder;
    private long lastMicros;

    /** Begins anew, for the next session. */
    void reset() {
        lock.lock();
        try {
            written.clear();
            received.clear();
            lastRevision.clear();
            micros.reset();
            writes = 0;
            updates = 0;
            events = 0;
            outOfOrder = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * An event was written.
     *
     * @param startNanos before the call that wrote it
     */
    void written(Sent event, long startNanos) {
        lock.lock();
        try {
            writes++;
            if (isUpdate(event)) {
                updates++;
            }
            Long arrival = received.remove(event);
            if (arrival == null) {
                written.put(event, startNanos);
            } else {
                settle(event, startNanos, arrival);
            }
        } finally {
            lock.unlock();
        }
    }

    /** An event was received. */
    void received(Sent event, long arrivalNanos) {
        lock.lock();
        try {
            events++;
            Long last = lastRevision.get(event.channel());
            if (last != null && event.revision() < last) {
                outOfOrder++;
            } else {
                lastRevision.put(event.channel(), event.revision());
            }
            Long start = written.remove(event);
            if (start == null) {
                received.put(event, arrivalNanos);
            } else {
                settle(event, start, arrivalNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle(Sent event, long startNanos, long arrivalNanos) {
        if (isUpdate(event)) {
            lastMicros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(arrivalNanos - startNanos));
            micros.recordValue(Math.min(LONGEST_MICROS, lastMicros));
        }
        if (written.isEmpty()) {
            settled.signalAll();
        }
    }

    private static boolean isUpdate(Sent event) {
        return event.what().equals(ProgressUpdate.TYPE);
    }

    /** Waits until everything written is received, at most this long. */
    void awaitSettled(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!written.isEmpty() && left > 0) {
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
                    written.size(),
                    outOfOrder,
                    lastMicros,
                    micros.getValueAtPercentile(50),
                    micros.getValueAtPercentile(99));
        } finally {
            lock.unlock();
        }
    }

    /**
     * By what an event is known on both sides.
     *
     * @param channel its channel
     * @param what its type, and what else tells it from others of the same write
     * @param revision revision that the write made
     */
    record Sent(String channel, String what, long revision) {}
}
