package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.internal.WatchAgenda.Work;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a watch reads next. */
class WatchAgendaTest {
    private static final Key<? extends Document> HOG = Keys.robotState("hog");
    private static final Key<? extends Document> TREX = Keys.robotState("trex");

    private final Object lock = new Object();
    private final Freshness freshness = new Freshness();
    private final View view = new View(freshness, change -> {});
    private final WatchAgenda agenda = new WatchAgenda(lock, view, freshness);

    @Test
    void nothingIsDueBeforeThereIsAConnection() {
        assertThat(next(0)).isNull();
        assertThat(agenda.nextAt(System.nanoTime())).isEqualTo(WatchAgenda.NEVER);
    }

    @Test
    void theSnapshotComesBeforeAllElseUntilItHasBeenRead() {
        locked(() -> {
            agenda.oweLog();
            agenda.owe(HOG);
            agenda.subscribed();
        });
        assertThat(next(0)).isEqualTo(Work.SNAPSHOT);
        assertThat(next(0)).isEqualTo(Work.SNAPSHOT);
        locked(() -> agenda.snapshotRead(System.nanoTime()));
        assertThat(next(0)).isEqualTo(Work.OWED);
    }

    @Test
    void documentsAndTheLogAreReadInTurns() {
        connected();
        locked(() -> {
            agenda.oweLog();
            agenda.owe(HOG);
        });
        assertThat(next(0)).isEqualTo(Work.OWED);
        assertThat(next(0)).isEqualTo(Work.LOG);
        assertThat(next(0)).isEqualTo(Work.OWED);
        locked(agenda::takeLog);
        assertThat(next(0)).isEqualTo(Work.OWED);
        locked(agenda::takeOwed);
        assertThat(next(0)).isNull();
    }

    @Test
    void afterAFailureNothingIsDueForAWhileUnlessThereIsANewConnection() {
        connected();
        locked(() -> {
            agenda.owe(HOG);
            agenda.pause(Duration.ofMinutes(1));
        });
        assertThat(next(30_000)).isNull();
        assertThat(next(60_001)).isNotNull();
        locked(agenda::subscribed);
        assertThat(next(0)).isEqualTo(Work.SNAPSHOT);
    }

    @Test
    void everythingIsReadNowAndThenAndSoonerAfterNonsense() {
        connected();
        assertThat(next(1_000)).isNull();
        assertThat(next(3_000)).isEqualTo(Work.RECONCILE);
        locked(agenda::reconcileSoon);
        assertThat(next(251)).isEqualTo(Work.RECONCILE);
    }

    @Test
    void everythingIsReadLessOftenIfThatTakesLong() {
        connected();
        locked(() -> agenda.reconciled(System.nanoTime() - TimeUnit.SECONDS.toNanos(1)));
        assertThat(next(10_000)).isNull();
        assertThat(next(40_000)).isEqualTo(Work.RECONCILE);
    }

    @Test
    void whatWasTakenIsOwedForTheFreshnessUntilItHasBeenRead() {
        connected();
        locked(() -> agenda.owe(HOG));
        long since = freshness.asOfNanos();
        Map<Key<? extends Document>, Long> taken = take();
        assertThat(taken).containsOnlyKeys(HOG);
        assertThat(next(0)).isNull();
        freshness.proven(since + 1_000);
        assertThat(freshness.asOfNanos()).isEqualTo(since);
        locked(() -> agenda.owe(TREX));
        locked(() -> agenda.oweAgain(taken));
        assertThat(take()).containsOnlyKeys(TREX, HOG);
        locked(agenda::oweTheRest);
        assertThat(freshness.asOfNanos()).isEqualTo(since + 1_000);
    }

    @Test
    void aReconcileThatFailedStaysOwedUntilOneSucceeds() {
        connected();
        long since = freshness.asOfNanos();
        locked(() -> agenda.notEverythingRead(since));
        freshness.proven(since + 1_000);
        assertThat(next(0)).as("at once").isEqualTo(Work.RECONCILE);
        locked(() -> agenda.owe(HOG));
        take();
        locked(agenda::oweTheRest);
        assertThat(freshness.asOfNanos()).isEqualTo(since);
        locked(() -> {
            agenda.everythingRead();
            agenda.reconciled(System.nanoTime());
        });
        assertThat(freshness.asOfNanos()).isEqualTo(since + 1_000);
        assertThat(next(0)).isNull();
    }

    private void connected() {
        locked(() -> {
            agenda.subscribed();
            agenda.snapshotRead(System.nanoTime());
        });
        assertThat(next(0)).isNull();
    }

    private Map<Key<? extends Document>, Long> take() {
        synchronized (lock) {
            return agenda.takeOwed();
        }
    }

    /** As it will be so many milliseconds from now. */
    private @Nullable Work next(long millis) {
        synchronized (lock) {
            return agenda.next(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void locked(Runnable step) {
        synchronized (lock) {
            step.run();
        }
    }
}
