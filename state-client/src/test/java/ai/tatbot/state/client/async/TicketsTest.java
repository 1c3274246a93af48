package ai.tatbot.state.client.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final long SECOND = Duration.ofSeconds(5).toNanos();

    private final Tickets tickets = new Tickets(2);

    @Test
    void asManyAsThereAre() {
        assertThat(tickets.tryTake()).isTrue();
        assertThat(tickets.tryTake()).isTrue();
        assertThat(tickets.tryTake()).isFalse();
        assertThat(tickets.await(1_000)).isFalse();
        tickets.release();
        assertThat(tickets.tryTake()).isTrue();
        assertThat(tickets.taken()).isEqualTo(2);
    }

    @Test
    void oneLineForAll() {
        List<String> order = new CopyOnWriteArrayList<>();
        tickets.tryTake();
        tickets.tryTake();
        tickets.await(() -> order.add("position"));
        CompletableFuture<Boolean> thread = CompletableFuture.supplyAsync(() -> {
            boolean had = tickets.await(SECOND);
            order.add("thread");
            return had;
        });
        assertThat(order).isEmpty();
        tickets.release();
        assertThat(order).containsExactly("position");
        assertThat(tickets.tryTake()).isFalse();
        // The thread may only be on its way into the line.
        tickets.release();
        assertThat(thread.join()).isTrue();
        assertThat(order).containsExactly("position", "thread");
        assertThat(tickets.taken()).isEqualTo(2);
    }

    @Test
    void whoGivesUpLeavesTheLine() {
        tickets.tryTake();
        tickets.tryTake();
        assertThat(tickets.await(1_000)).isFalse();
        tickets.release();
        assertThat(tickets.tryTake()).isTrue();
    }

    @Test
    void anInterruptedThreadTakesNone() throws InterruptedException {
        tickets.tryTake();
        tickets.tryTake();
        AtomicInteger had = new AtomicInteger(-1);
        Thread thread = new Thread(() -> had.set(tickets.await(SECOND) ? 1 : 0));
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(had).hasValue(0);
        tickets.release();
        tickets.release();
        assertThat(tickets.taken()).isZero();
    }

    @Test
    void whatWasForcedIsGivenBackFirst() {
        tickets.tryTake();
        tickets.tryTake();
        tickets.force();
        AtomicInteger granted = new AtomicInteger();
        tickets.await(granted::incrementAndGet);
        tickets.release();
        assertThat(granted).hasValue(0);
        tickets.release();
        assertThat(granted).hasValue(1);
        assertThat(tickets.taken()).isEqualTo(2);
    }
}
