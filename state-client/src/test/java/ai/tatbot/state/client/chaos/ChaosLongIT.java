package ai.tatbot.state.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * As {@link ChaosIT}, a thousand times; {@code ops/chaos} runs it. System properties: {@code chaos.schedules}, {@code chaos.seed} of
 * the first schedule or of all others, {@code chaos.lanes} that run at the same time.
 */
@Tag("long")
class ChaosLongIT {
    @Test
    void noWatchLies() throws InterruptedException {
        int schedules = Integer.getInteger("chaos.schedules", 1_000);
        long seed = Long.getLong("chaos.seed", ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        System.out.println("first seed: " + seed);
        Random random = new Random(seed);
        List<Long> seeds = new ArrayList<>(List.of(seed));
        random.longs(schedules - 1L, 0, Long.MAX_VALUE).forEach(seeds::add);
        Campaign campaign = new Campaign(seeds);
        assertThat(campaign.run(Integer.getInteger("chaos.lanes", 4)))
                .as("violated schedules")
                .isEmpty();
        assertThat(campaign.done()).isEqualTo(schedules);
    }
}
