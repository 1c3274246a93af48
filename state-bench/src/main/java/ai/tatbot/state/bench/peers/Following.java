package ai.tatbot.state.bench.peers;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** From the beginning of a write to the call of the one who waits for it elsewhere, at a thousand writes a second. */
public final class Following implements Contestant {
    /** Writes a second. */
    public static final int RATE = 1_000;

    private final String name;
    private final Sender sender;
    private final AutoCloseable end;
    private final AtomicLongArray sent = new AtomicLongArray(1 << 12);
    private final Histogram times = new ConcurrentHistogram(60_000_000_000L, 3);
    private final AtomicInteger arrived = new AtomicInteger();
    private int next = 1;

    /**
     * @param opening connects the two ends, given this
     */
    public Following(String name, Opening opening) throws Exception {
        this.name = name;
        Ends ends = opening.open(this::arrived);
        this.sender = ends.sender();
        this.end = ends.end();
    }

    @Override
    public String name() {
        return name;
    }

    private void arrived(int number) {
        long now = System.nanoTime();
        if (number > 0) {
            times.recordValue(Math.max(0, now - sent.get(number & (sent.length() - 1))));
            arrived.incrementAndGet();
        }
    }

    @Override
    public Sample run(Duration slot) throws Exception {
        times.reset();
        arrived.set(0);
        int count = (int) (slot.toMillis() * RATE / 1_000);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / RATE;
            long left = due - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            sent.set(next & (sent.length() - 1), System.nanoTime());
            sender.send(next);
            next++;
        }
        long nanos = System.nanoTime() - begin;
        for (int i = 0; i < 1_000 && arrived.get() < count; i++) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        // A position may be conflated when the machine is busy, but not often.
        if (arrived.get() < count * 0.98) {
            throw new IllegalStateException(name + ": of " + count + " only " + arrived.get() + " have arrived");
        }
        return Sample.timed(times.copy(), nanos, Double.NaN);
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    /** Connects a writer and one who waits. */
    @FunctionalInterface
    public interface Opening {
        /** The one who waits passes on what it is told. */
        Ends open(IntConsumer told) throws Exception;
    }

    /**
     * Both ends.
     *
     * @param end ends them
     */
    public record Ends(Sender sender, AutoCloseable end) {}

    /** Writes. */
    @FunctionalInterface
    public interface Sender {
        /** Writes this number. */
        void send(int number) throws Exception;
    }
}
