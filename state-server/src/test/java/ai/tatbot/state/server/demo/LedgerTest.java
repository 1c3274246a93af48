package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final String SESSION = "stroke:progress:s";
    private static final String ROBOT = "robot:state:r";

    private final Ledger ledger = new Ledger();

    LedgerTest() {
        ledger.session(SESSION);
    }

    private static Instant at(int micros) {
        return Instant.EPOCH.plusNanos(micros * 1_000L);
    }

    private void told(String document, int micros, long revision) {
        ledger.told(document, at(micros), revision, System.nanoTime());
    }

    @Test
    void whatIsToldIsNotLost() {
        ledger.offering(SESSION, at(1));
        ledger.offering(ROBOT, at(2));
        told(SESSION, 1, 10);
        ledger.told(ROBOT, at(2), 10, System.nanoTime());
        Counts counts = ledger.counts();
        assertThat(counts.writes()).isEqualTo(2);
        assertThat(counts.updates()).isEqualTo(1);
        assertThat(counts.events()).isEqualTo(2);
        assertThat(counts.lost()).isZero();
        assertThat(counts.conflated()).isZero();
        assertThat(counts.outOfOrder()).isZero();
    }

    @Test
    void latencyIsThatOfTheUpdates() {
        ledger.offering(SESSION, at(1));
        ledger.told(SESSION, at(1), 1, System.nanoTime() + 5_000_000_000L);
        assertThat(ledger.counts().lastMicros()).isBetween(5_000_000L, 6_000_000L);
        ledger.offering(ROBOT, at(2));
        ledger.told(ROBOT, at(2), 1, System.nanoTime() + 50_000_000_000L);
        assertThat(ledger.counts().p99Micros()).isLessThan(7_000_000);
    }

    @Test
    void aPositionThatALaterOneOvertookIsConflated() {
        ledger.offering(SESSION, at(1));
        ledger.offering(SESSION, at(2));
        ledger.offering(SESSION, at(3));
        ledger.offering(ROBOT, at(1));
        told(SESSION, 2, 7);
        assertThat(ledger.counts().conflated()).isEqualTo(1);
        assertThat(ledger.counts().lostPositions())
                .as("the third, and the robot's")
                .isEqualTo(2);
    }

    @Test
    void aPositionThatNothingMadeUpForIsLost() throws InterruptedException {
        ledger.offering(SESSION, at(1));
        told(SESSION, 1, 1);
        ledger.offering(SESSION, at(2));
        ledger.awaitSettled(Duration.ofMillis(1));
        assertThat(ledger.counts().lost()).isEqualTo(1);
        assertThat(ledger.counts().lostTransitions()).isZero();
    }

    @Test
    void aTransitionIsMadeUpForByNothing() {
        ledger.turning("session", "session_start");
        ledger.turning("session", "session_end");
        ledger.told("session", "session_end", "2-0");
        assertThat(ledger.counts().lostTransitions()).isEqualTo(1);
        assertThat(ledger.counts().lost()).isEqualTo(1);
        assertThat(ledger.counts().outOfOrder()).isZero();
        ledger.told("session", "session_start", "1-0");
        assertThat(ledger.counts().lost()).isZero();
        assertThat(ledger.counts().outOfOrder()).as("the start after the end").isEqualTo(1);
    }

    @Test
    void twiceIsOutOfOrder() {
        ledger.turning("session", "session_start");
        ledger.told("session", "session_start", "1-0");
        ledger.told("session", "session_start", "1-0");
        assertThat(ledger.counts().outOfOrder()).isEqualTo(1);
    }

    @Test
    void anEarlierDemosTransitionIsPassedOver() {
        ledger.turning("robot", "arm_connected l");
        ledger.told("robot", "arm_disconnected l", "1-0");
        assertThat(ledger.counts().lostTransitions()).isEqualTo(1);
        assertThat(ledger.counts().outOfOrder()).isZero();
    }

    @Test
    void aRevisionThatGoesBackIsOutOfOrder() {
        ledger.offering(SESSION, at(1));
        told(SESSION, 2, 2);
        told(SESSION, 1, 1);
        told(SESSION, 3, 3);
        told(ROBOT, 1, 1);
        assertThat(ledger.counts().outOfOrder()).isEqualTo(1);
    }

    @Test
    void itBeginsAnew() {
        ledger.offering(SESSION, at(5));
        ledger.turning("session", "session_end");
        told(SESSION, 9, 9);
        ledger.reset();
        ledger.session(SESSION);
        ledger.offering(SESSION, at(1));
        ledger.told(SESSION, at(1), 1, 0);
        assertThat(ledger.counts()).isEqualTo(new Counts(1, 1, 1, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void waitingEndsWhenTheLastArrives() throws InterruptedException {
        ledger.offering(SESSION, at(1));
        Thread late = new Thread(() -> told(SESSION, 1, 1));
        late.start();
        ledger.awaitSettled(Duration.ofSeconds(20));
        assertThat(ledger.counts().lost()).isZero();
        late.join();
    }
}
