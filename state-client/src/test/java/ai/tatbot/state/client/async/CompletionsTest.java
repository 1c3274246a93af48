package ai.tatbot.state.client.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    @Test
    void inOrder() {
        List<Integer> done = new CopyOnWriteArrayList<>();
        try (Completions completions = new Completions(null)) {
            List<Integer> all = IntStream.range(0, 2_000).boxed().toList();
            all.forEach(number -> completions.run(() -> done.add(number)));
            Awaitility.await().untilAsserted(() -> assertThat(done).isEqualTo(all));
        }
    }

    @Test
    void whoBlocksIsReplaced() {
        CountDownLatch release = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        try (Completions completions = new Completions(null)) {
            completions.run(() -> {
                awaitUninterruptibly(release);
                done.add("blocked");
            });
            completions.run(() -> done.add("behind"));
            Awaitility.await().until(() -> {
                completions.look();
                return done.contains("behind");
            });
            assertThat(done).doesNotContain("blocked");
            release.countDown();
            Awaitility.await().until(() -> done.contains("blocked"));
        }
    }

    @Test
    void whoThrowsStopsNothing() {
        List<String> done = new CopyOnWriteArrayList<>();
        try (Completions completions = new Completions(null)) {
            completions.run(() -> {
                throw new IllegalStateException("on purpose");
            });
            completions.run(() -> done.add("behind"));
            Awaitility.await().until(() -> done.contains("behind"));
        }
    }

    @Test
    void anExecutorThatHasEnded() {
        ExecutorService ended = Executors.newSingleThreadExecutor();
        ended.shutdown();
        List<String> done = new ArrayList<>();
        try (Completions completions = new Completions(ended)) {
            completions.run(() -> done.add("all the same"));
        }
        assertThat(done).containsExactly("all the same");
    }

    @Test
    void anExecutorThatThrows() {
        List<String> done = new ArrayList<>();
        try (Completions completions = new Completions(task -> {
            throw new IllegalStateException("on purpose");
        })) {
            completions.run(() -> done.add("all the same"));
            completions.run(() -> done.add("and again"));
        }
        assertThat(done).containsExactly("all the same", "and again");
    }

    @Test
    void anExecutorThatRunsItAndThrows() {
        List<String> done = new ArrayList<>();
        try (Completions completions = new Completions(task -> {
            task.run();
            throw new AssertionError("on purpose");
        })) {
            completions.run(() -> done.add("once"));
        }
        assertThat(done).containsExactly("once");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
