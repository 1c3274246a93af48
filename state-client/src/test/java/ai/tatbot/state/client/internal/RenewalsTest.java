package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a time to live is renewed: well before it runs out, and not with every write. */
class RenewalsTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final Renewals renewals = new Renewals(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static DocumentWrite<NodeHealth> heartbeat(String nodeId) {
        return new DocumentWrite<>(
                Keys.nodeHealth(nodeId), Samples.health(nodeId).build());
    }

    private static DocumentWrite<StrokeProgress> progress() {
        return new DocumentWrite<>(
                Keys.strokeProgress("s1"), Samples.tattoo().nodeId("hog").build());
    }

    private static DocumentWrite<StrokeProgress> progress(Duration lease) {
        return progress().fence(new Fence(1, lease));
    }

    @Test
    void theFirstWriteRenews() {
        assertThat(renewals.isDue(heartbeat("hog"))).isTrue();
        assertThat(renewals.isDue(heartbeat("hog")))
                .as("as long as it was not done")
                .isTrue();
        renewals.done(heartbeat("hog"));
        assertThat(renewals.isDue(heartbeat("hog"))).isFalse();
        assertThat(renewals.isDue(heartbeat("ook"))).isTrue();
    }

    @Test
    void aTenthOfTheTimeToLive() {
        renewals.done(heartbeat("hog"));
        pass(Duration.ofMillis(5_999));
        assertThat(renewals.isDue(heartbeat("hog"))).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(renewals.isDue(heartbeat("hog"))).isTrue();
    }

    @Test
    void atMostHalfAMinute() {
        renewals.done(progress());
        pass(Duration.ofMillis(29_999));
        assertThat(renewals.isDue(progress())).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(renewals.isDue(progress())).isTrue();
    }

    @Test
    void aThirdOfTheLease() {
        Duration lease = Duration.ofSeconds(9);
        renewals.done(progress(lease));
        pass(Duration.ofMillis(2_999));
        assertThat(renewals.isDue(progress(lease))).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(renewals.isDue(progress(lease))).isTrue();
    }

    @Test
    void anEndIsAlwaysDueAndForgotten() {
        renewals.done(progress(Duration.ofSeconds(9)));
        assertThat(renewals.isDue(progress(Duration.ZERO))).isTrue();
        renewals.done(progress(Duration.ZERO));
        assertThat(renewals.isDue(progress(Duration.ofSeconds(9)))).isTrue();
    }

    @Test
    void itDoesNotGrowWithoutBound() {
        renewals.done(heartbeat("first"));
        for (int i = 0; i < 10_000; i++) {
            renewals.done(heartbeat("node" + i));
        }
        assertThat(renewals.isDue(heartbeat("first")))
                .as("forgotten, which costs one renewal")
                .isTrue();
        assertThat(renewals.isDue(heartbeat("node9999"))).isFalse();
    }
}
