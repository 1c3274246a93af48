package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Live means: proved no longer ago than half a second. */
class FreshnessTest {
    private static final long START = System.nanoTime();
    private final Freshness freshness = new Freshness();

    private static long ms(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void nothingIsProvedBeforeTheSnapshot() {
        freshness.proven(ms(100));
        assertThat(freshness.isLive(ms(100))).isFalse();
        assertThat(freshness.everSynced()).isFalse();
        freshness.synced(ms(50));
        assertThat(freshness.isLive(ms(100))).isTrue();
        assertThat(freshness.staleNanos(ms(100))).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void aProofHoldsForHalfASecond() {
        freshness.synced(ms(0));
        assertThat(freshness.isLive(ms(500))).isTrue();
        assertThat(freshness.isLive(ms(501))).isFalse();
        freshness.proven(ms(400));
        assertThat(freshness.isLive(ms(900))).isTrue();
        freshness.proven(ms(300));
        assertThat(freshness.asOfNanos())
                .as("an older proof proves nothing new")
                .isEqualTo(ms(400));
    }

    @Test
    void whatIsToBeReadMakesItAsOldAsThat() {
        freshness.synced(ms(0));
        freshness.owesSince(ms(100));
        freshness.proven(ms(900));
        assertThat(freshness.asOfNanos()).isEqualTo(ms(100));
        assertThat(freshness.isLive(ms(700))).isFalse();
        freshness.owesNothing();
        assertThat(freshness.isLive(ms(700))).isTrue();
    }

    @Test
    void withoutAConnectionItAges() {
        freshness.synced(ms(0));
        freshness.owesSince(ms(100));
        freshness.proven(ms(200));
        freshness.unsynced();
        freshness.proven(ms(300));
        assertThat(freshness.isLive(ms(110))).isFalse();
        assertThat(freshness.staleNanos(ms(2_100))).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(freshness.everSynced()).isTrue();
    }
}
