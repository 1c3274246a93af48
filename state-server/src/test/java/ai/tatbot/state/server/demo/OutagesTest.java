package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.WatchStatus.Condition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutagesTest {
    private final Outages outages = new Outages();

    private void at(int second, Condition condition, @Nullable Integer asOf) {
        Instant known = asOf == null ? null : Instant.ofEpochSecond(asOf);
        Instant now = Instant.ofEpochSecond(second);
        outages.status(new WatchStatus(condition, now, known, 0, null, null), now);
    }

    @Test
    void beforeItWasEverLiveThereIsNoOutage() {
        at(1, Condition.RECONNECTING, null);
        at(2, Condition.STALE, null);
        at(3, Condition.LIVE, 3);
        assertThat(outages.count()).isZero();
        assertThat(outages.longest()).isEqualTo(Duration.ZERO);
    }

    @Test
    void oneOutageHoweverManyTurns() {
        at(1, Condition.LIVE, 1);
        at(2, Condition.STALE, 1);
        at(3, Condition.RECONNECTING, 1);
        at(4, Condition.RECONNECTING, 1);
        at(6, Condition.LIVE, 6);
        at(7, Condition.STALE, 6);
        assertThat(outages.count()).isEqualTo(2);
        assertThat(outages.longest()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void oneThatLastsIsOfTheNextSessionToo() {
        at(1, Condition.LIVE, 1);
        at(2, Condition.STALE, 1);
        outages.reset();
        assertThat(outages.count()).isEqualTo(1);
        at(9, Condition.LIVE, 9);
        assertThat(outages.longest()).isEqualTo(Duration.ofSeconds(8));
        outages.reset();
        assertThat(outages.count()).isZero();
    }
}
