package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import org.junit.jupiter.api.Test;

class AcquaintanceTest {
    private final NoConnectionException stranger = Handshake.notRedis("eek:6379", null);
    private long now = -5;
    private final Acquaintance eek = new Acquaintance(() -> now);

    @Test
    void whatNeverWasRedisIsForPeople() {
        assertThat(eek.judge(stranger)).isSameAs(stranger);
        assertThat(stranger.reason()).isEqualTo(Reason.MISCONFIGURED);
    }

    @Test
    void whatWasRedisIsTriedAgainForSomeTime() {
        eek.met();
        now += Acquaintance.PATIENCE.toNanos() * 10;
        NoConnectionException judged = eek.judge(stranger);
        assertThat(judged.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(judged)
                .hasMessage("what listens at eek:6379 is not Redis. Check host and port."
                        + " It was right before, and so is tried again.");
        now += Acquaintance.PATIENCE.toNanos();
        assertThat(eek.judge(stranger).reason()).isEqualTo(Reason.UNAVAILABLE);
        now++;
        assertThat(eek.judge(stranger)).isSameAs(stranger);
        eek.met();
        assertThat(eek.judge(stranger).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void otherFailuresAreWhatTheyAre() {
        eek.met();
        NoConnectionException replica = new NoConnectionException(Reason.READ_ONLY, "eek:6379 is a replica", null);
        assertThat(eek.judge(replica)).isSameAs(replica);
    }
}
