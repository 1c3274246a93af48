package ai.tatbot.state.bench.peers;

import java.time.Duration;

/** Something so short that only many of it can be timed. */
public final class Batch implements Contestant {
    private final String name;
    private final int size;
    private final Loop loop;
    private volatile long sink;

    /** @param size calls in one go, some hundreds of microseconds of them */
    public Batch(String name, int size, Loop loop) {
        this.name = name;
        this.size = size;
        this.loop = loop;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample run(Duration slot) {
        long bytes = Allocation.ofThisThread();
        long begin = System.nanoTime();
        long now = begin;
        long calls = 0;
        long result = 0;
        while (now - begin < slot.toNanos()) {
            result += loop.run(size);
            calls += size;
            now = System.nanoTime();
        }
        double each = (double) (Allocation.ofThisThread() - bytes) / calls;
        sink = result;
        return new Sample(calls, (now - begin) / 1e9, Double.NaN, Double.NaN, each);
    }

    /** What the last run returned, so that no compiler leaves it out. */
    long sink() {
        return sink;
    }

    @Override
    public void close() {}

    /** The loop itself, in a class of its own, so that it is compiled for nothing else. */
    @FunctionalInterface
    public interface Loop {
        /**
         * Does it that many times.
         *
         * @return something that depends on every one of them
         */
        long run(int calls);
    }
}
