package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whose lease must be kept, and when. */
class PublishLeasesTest {
    private static final Duration LEASE = Duration.ofSeconds(6);

    private final AtomicLong now = new AtomicLong(-5);
    private final Renewals renewals = new Renewals(now::get);
    private final PublishLeases leases = new PublishLeases(renewals, LEASE, now::get);
    private final PublishSession session = new PublishSession(
            new PublishQueue(10), "s1", LEASE, Samples.tattoo().nodeId("hog").build());

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void write(Duration lease) {
        DocumentWrite<?> write = session.sample().fence(new Fence(1, lease));
        renewals.done(write);
        session.stored(write);
        leases.stored(session);
    }

    @Test
    void aSessionThatStandsStillIsDueAndWhileItIsNotWrittenAgainAndAgain() {
        write(LEASE);
        pass(Duration.ofMillis(1_999));
        assertThat(leases.due()).isEmpty();
        pass(Duration.ofMillis(750));
        assertThat(leases.due()).containsExactly(session);
        assertThat(leases.due()).as("looked just now").isEmpty();
        pass(Duration.ofMillis(750));
        assertThat(leases.due()).containsExactly(session);
        write(LEASE);
        pass(Duration.ofMillis(750));
        assertThat(leases.due()).isEmpty();
    }

    @Test
    void oneThatHasEndedIsNotDue() {
        write(LEASE);
        write(Duration.ZERO);
        pass(LEASE);
        assertThat(leases.due()).isEmpty();
    }

    @Test
    void oneThatIsLostIsNotDue() {
        write(LEASE);
        leases.lost(session);
        pass(LEASE);
        assertThat(leases.due()).isEmpty();
    }

    @Test
    void whoeverKeepsNoLeaseSleepsForASecond() {
        assertThat(leases.longestSleep()).isEqualTo(1_000_000_000);
        write(LEASE);
        assertThat(leases.longestSleep()).isEqualTo(750_000_000);
    }
}
