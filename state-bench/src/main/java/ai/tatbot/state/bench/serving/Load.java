package ai.tatbot.state.bench.serving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a steady rate, spread over clients. A call that could not be sent in time because the one before was not answered is timed from when
 * it was due: a server that stalls does not get away with the calls that it kept from being made.
 */
final class Load {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Load() {}

    /** One call. */
    @FunctionalInterface
    interface Call {
        void by(HttpCaller caller) throws IOException;
    }

    /** Times in nanoseconds. */
    static Histogram run(List<HttpCaller> callers, int perSecond, int seconds, Call call) throws InterruptedException {
        ConcurrentHistogram times = new ConcurrentHistogram(LONGEST_NANOS, 3);
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        long interval = TimeUnit.SECONDS.toNanos(1) * callers.size() / perSecond;
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            HttpCaller caller = callers.get(i);
            long first = start + interval * i / callers.size();
            Thread thread = new Thread(() -> {
                try {
                    for (long due = first; due < end; due += interval) {
                        long begun = due;
                        if (due - System.nanoTime() > 0) {
                            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                                LockSupport.parkNanos(left);
                            }
                            // That this thread was woken late is not the server's doing.
                            begun = System.nanoTime();
                        }
                        call.by(caller);
                        times.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - begun));
                    }
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a call failed", failed);
        }
        return times;
    }
}
