package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.server.demo.Ledger.Sent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    private static Sent update(long revision) {
        return new Sent("progress", ProgressUpdate.TYPE, revision);
    }

    @Test
    void whatArrivesIsNotLostWhicheverSideIsFirst() {
        ledger.written(update(1), 1_000);
        ledger.received(update(1), 201_000);
        ledger.received(update(2), 500_000);
        ledger.written(update(2), 100_000);
        Counts counts = ledger.counts();
        assertThat(counts.updates()).isEqualTo(2);
        assertThat(counts.events()).isEqualTo(2);
        assertThat(counts.missing()).isZero();
        assertThat(counts.outOfOrder()).isZero();
        assertThat(counts.lastMicros()).isEqualTo(400);
        assertThat(counts.p50Micros()).isEqualTo(200);
        assertThat(counts.p99Micros()).isEqualTo(400);
    }

    @Test
    void whatDoesNotArriveIsLost() throws InterruptedException {
        ledger.written(update(1), 0);
        ledger.written(update(2), 0);
        ledger.written(new Sent("session", "session_end", 3), 0);
        ledger.received(update(2), 10);
        ledger.awaitSettled(Duration.ofMillis(1));
        assertThat(ledger.counts().missing()).isEqualTo(2);
        assertThat(ledger.counts().writes()).isEqualTo(3);
    }

    @Test
    void eventsOfOneWriteAreToldApart() {
        ledger.written(new Sent("robot", "state_update", 1), 0);
        ledger.written(new Sent("robot", "arm_connected l", 1), 0);
        ledger.received(new Sent("robot", "arm_connected l", 1), 10);
        assertThat(ledger.counts().missing()).isEqualTo(1);
        assertThat(ledger.counts().outOfOrder()).isZero();
    }

    @Test
    void aLowerRevisionAfterAHigherOneOfItsChannelIsOutOfOrder() {
        ledger.received(update(2), 0);
        ledger.received(update(1), 0);
        ledger.received(update(3), 0);
        ledger.received(new Sent("session", "session_end", 1), 0);
        assertThat(ledger.counts().outOfOrder()).isEqualTo(1);
    }

    @Test
    void itBeginsAnew() {
        ledger.written(update(5), 0);
        ledger.received(update(7), 0);
        ledger.reset();
        ledger.written(update(1), 0);
        ledger.received(update(1), 0);
        assertThat(ledger.counts()).isEqualTo(new Counts(1, 1, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void waitingEndsWhenTheLastArrives() throws InterruptedException {
        ledger.written(update(1), 0);
        Thread late = new Thread(() -> ledger.received(update(1), 10));
        late.start();
        ledger.awaitSettled(Duration.ofSeconds(20));
        assertThat(ledger.counts().missing()).isZero();
        late.join();
    }
}
