package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Up to when nothing is missing. */
class FreshnessTest {
    private static final long NOW = System.nanoTime();

    private final Freshness freshness = new Freshness();

    @Test
    void aProofCountsOnlyOnceTheSnapshotIsComplete() {
        freshness.proven(at(0));
        assertThat(freshness.isLive(at(1))).isFalse();
        freshness.synced(at(0));
        assertThat(freshness.isLive(at(500))).isTrue();
        assertThat(freshness.isLive(at(501))).isFalse();
        freshness.proven(at(300));
        assertThat(freshness.isLive(at(800))).isTrue();
    }

    @Test
    void theOldestThatIsToBeReadCounts() {
        freshness.synced(at(0));
        freshness.owesSince(at(100));
        freshness.owesSince(at(400));
        freshness.proven(at(550));
        assertThat(freshness.isLive(at(600))).isTrue();
        assertThat(freshness.isLive(at(601))).isFalse();
        freshness.owesOnlySince(at(400));
        assertThat(freshness.isLive(at(900))).isTrue();
        freshness.owesNothing();
        assertThat(freshness.isLive(at(1_050))).isTrue();
    }

    @Test
    void aSnapshotDoesNotForgetWhatIsToBeRead() {
        freshness.owesSince(at(0));
        freshness.synced(at(400));
        assertThat(freshness.isLive(at(501))).isFalse();
    }

    @Test
    void anOutageLeavesItAsOldAsItWas() {
        freshness.synced(at(0));
        freshness.owesSince(at(0));
        freshness.proven(at(400));
        freshness.unsynced();
        assertThat(freshness.isLive(at(401))).isFalse();
        assertThat(freshness.staleNanos(at(700)))
                .isEqualTo(Duration.ofMillis(700).toNanos());
    }

    private static long at(long millis) {
        return NOW + Duration.ofMillis(millis).toNanos();
    }
}
