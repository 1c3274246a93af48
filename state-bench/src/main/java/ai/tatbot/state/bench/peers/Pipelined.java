package ai.tatbot.state.bench.peers;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One thread that does not wait for answers, but has no more than so many calls under way. */
public final class Pipelined implements Contestant {
    /** As {@code redis-benchmark -c 8 -P 16}. */
    public static final int IN_FLIGHT = 128;

    private final String name;
    private final Call call;
    private final AutoCloseable end;

    /** @param end checks what is stored */
    public Pipelined(String name, Call call, AutoCloseable end) {
        this.name = name;
        this.call = call;
        this.end = end;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample run(Duration slot) throws Exception {
        Semaphore free = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begin < slot.toNanos()) {
            free.acquire();
            CompletionStage<?> unused = call.start().whenComplete((result, thrown) -> {
                if (thrown != null) {
                    failure.compareAndSet(null, thrown);
                }
                free.release();
            });
            calls++;
        }
        if (!free.tryAcquire(IN_FLIGHT, 10, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + ": answers are missing after 10 s");
        }
        long nanos = System.nanoTime() - begin;
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException(name + ": " + thrown, thrown);
        }
        return Sample.counted(calls, nanos);
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    /** Starts one call. */
    @FunctionalInterface
    public interface Call {
        /** Starts it; it completes when it is answered. */
        CompletionStage<?> start() throws Exception;
    }
}
