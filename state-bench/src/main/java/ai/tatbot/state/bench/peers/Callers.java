package ai.tatbot.state.bench.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Callers that call at the same time, each from a thread of its own, and time every call. One alone calls from the measuring thread. */
public final class Callers implements Contestant {
    private final String name;
    private final List<Caller> callers = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();
    private final ExecutorService threads;

    private Callers(String name, int count) {
        this.name = name;
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One caller. */
    public static Callers one(String name, Caller caller) {
        Callers one = new Callers(name, 1);
        one.add(caller);
        return one;
    }

    /**
     * Several.
     *
     * @param opening makes a caller; called that many times
     */
    public static Callers of(String name, int count, Opening opening) throws Exception {
        Callers several = new Callers(name, count);
        try {
            for (int i = 0; i < count; i++) {
                several.add(opening.open());
            }
            return several;
        } catch (Exception e) {
            several.close();
            throw e;
        }
    }

    private void add(Caller caller) {
        callers.add(caller);
        histograms.add(new Histogram(60_000_000_000L, 3));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample run(Duration slot) throws Exception {
        long begin = System.nanoTime();
        double bytes = Double.NaN;
        if (callers.size() == 1) {
            bytes = calls(0, begin + slot.toNanos());
        } else {
            List<Future<Double>> running = new ArrayList<>();
            for (int i = 0; i < callers.size(); i++) {
                int caller = i;
                running.add(threads.submit(() -> calls(caller, begin + slot.toNanos())));
            }
            for (Future<Double> future : running) {
                result(future);
            }
        }
        long nanos = System.nanoTime() - begin;
        Histogram all = histograms.get(0).copy();
        for (Histogram other : histograms.subList(1, histograms.size())) {
            all.add(other);
        }
        return Sample.timed(all, nanos, bytes);
    }

    private static void result(Future<Double> future) throws Exception {
        try {
            Double unused = future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Returns what each call allocated, in bytes. */
    private double calls(int number, long end) throws Exception {
        Caller caller = callers.get(number);
        Histogram histogram = histograms.get(number);
        histogram.reset();
        long bytes = Allocation.ofThisThread();
        long count = 0;
        long before = System.nanoTime();
        while (before < end) {
            caller.call();
            long after = System.nanoTime();
            histogram.recordValue(after - before);
            before = after;
            count++;
        }
        return (double) (Allocation.ofThisThread() - bytes) / count;
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        for (Caller caller : callers) {
            caller.close();
        }
    }

    /** Makes a caller. */
    @FunctionalInterface
    public interface Opening {
        /** Makes the next one. */
        Caller open() throws Exception;
    }
}
