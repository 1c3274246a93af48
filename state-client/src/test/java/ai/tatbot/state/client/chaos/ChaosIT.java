package ai.tatbot.state.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A watch never lies, whatever happens to Redis and the network: some schedules that are always the same, and some new ones. */
class ChaosIT {
    private static final List<Long> FIXED = List.of(1L, 2L, 3L, 4L, 5L, 6L);
    private static final int RANDOM = 4;

    @Test
    void noWatchLies() throws InterruptedException {
        List<Long> seeds = new ArrayList<>(FIXED);
        ThreadLocalRandom.current().longs(RANDOM, 0, Long.MAX_VALUE).forEach(seeds::add);
        Campaign campaign = new Campaign(seeds);
        assertThat(campaign.run(2)).as("violated schedules").isEmpty();
        assertThat(campaign.done()).isEqualTo(seeds.size());
        assertThat(campaign.livePart())
                .as("of the times a mirror could be judged")
                .isGreaterThan(0.1);
    }
}
