package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.async.AsyncStrokeSession;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A robot's loop, through any face: it reports a position every few milliseconds, come what may, and keeps a log. */
final class SteadyWriter implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(10);

    private final Face face;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Integer> confirmed = new CopyOnWriteArrayList<>();
    private final List<StateException> refusals = new CopyOnWriteArrayList<>();
    private final Thread loop;
    private volatile int offered;
    private final AtomicInteger pauses = new AtomicInteger();
    private volatile boolean stopped;

    private SteadyWriter(Face face) {
        this.face = face;
        this.loop = new Thread(this::run, "writer of " + face.id());
        loop.start();
    }

    static SteadyWriter of(StrokeSession session) {
        return new SteadyWriter(new Blocking(session));
    }

    static SteadyWriter of(StatePublisher publisher, PublishedSession session) {
        return new SteadyWriter(new Offering(publisher, session));
    }

    static SteadyWriter of(AsyncStrokeSession session) {
        return new SteadyWriter(new Pipelined(session));
    }

    private void run() {
        for (int pose = 1; !stopped; pose++) {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
            offered = pose;
            try {
                face.write(pose);
                if (face.confirms()) {
                    confirmed.add(pose);
                }
            } catch (StateException e) {
                refusals.add(e);
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    String id() {
        return face.id();
    }

    /** The position that was reported last. */
    int offered() {
        return offered;
    }

    /** Positions of which it was said that they are stored; none where that is not said. */
    List<Integer> confirmed() {
        return confirmed;
    }

    /** The last position that is stored, once it has stopped. */
    int last() {
        return face.confirms() ? confirmed.get(confirmed.size() - 1) : offered;
    }

    /** That of the last position, where it is known. */
    OptionalLong revision() {
        return face.revision();
    }

    List<StateException> refusals() {
        return refusals;
    }

    /** How often it has paused. */
    int pauses() {
        return pauses.get();
    }

    /** Pauses and goes on, between two positions. */
    void pauseAndResume() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                face.pause();
                face.resume();
                pauses.incrementAndGet();
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        assertThat(done).as("a pause of " + this).succeedsWithin(Duration.ofSeconds(10));
    }

    /** Reports no more; all is stored. */
    void stop() {
        stopped = true;
        try {
            loop.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        face.settle();
    }

    /** Ends its session. */
    void end() {
        face.end();
        face.settle();
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return face.getClass().getSimpleName() + " " + face.id();
    }

    private interface Face {
        String id();

        void write(int pose);

        /** Whether a position that was written without an exception is stored. */
        boolean confirms();

        OptionalLong revision();

        void pause();

        void resume();

        void end();

        /** Waits until all is stored. */
        void settle();
    }

    private record Blocking(StrokeSession session) implements Face {
        @Override
        public String id() {
            return session.id();
        }

        @Override
        public void write(int pose) {
            session.update(0, pose);
        }

        @Override
        public boolean confirms() {
            return true;
        }

        @Override
        public OptionalLong revision() {
            return OptionalLong.of(session.revision());
        }

        @Override
        public void pause() {
            session.pause();
        }

        @Override
        public void resume() {
            session.resume();
        }

        @Override
        public void end() {
            session.end();
        }

        @Override
        public void settle() {}
    }

    private record Offering(StatePublisher publisher, PublishedSession session) implements Face {
        @Override
        public String id() {
            return session.id();
        }

        @Override
        public void write(int pose) {
            assertThat(session.offer(0, pose)).isTrue();
        }

        @Override
        public boolean confirms() {
            return false;
        }

        @Override
        public OptionalLong revision() {
            return OptionalLong.empty();
        }

        @Override
        public void pause() {
            assertThat(session.pause()).isTrue();
        }

        @Override
        public void resume() {
            assertThat(session.resume()).isTrue();
        }

        @Override
        public void end() {
            assertThat(session.end()).isTrue();
        }

        @Override
        public void settle() {
            assertThat(publisher.flush(Duration.ofSeconds(10))).isTrue();
        }
    }

    private record Pipelined(AsyncStrokeSession session) implements Face {
        @Override
        public String id() {
            return session.id();
        }

        @Override
        public void write(int pose) {
            await(session.update(0, pose));
        }

        @Override
        public boolean confirms() {
            return true;
        }

        @Override
        public OptionalLong revision() {
            return OptionalLong.of(session.revision());
        }

        @Override
        public void pause() {
            await(session.pause());
        }

        @Override
        public void resume() {
            await(session.resume());
        }

        @Override
        public void end() {
            await(session.end());
        }

        @Override
        public void settle() {}

        private static void await(CompletionStage<?> stage) {
            try {
                stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof StateException failure ? failure : e;
            }
        }
    }
}
