package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
    private static List<ChaosPlan.Pull> pulls(long seed) {
        return Stream.generate(new ChaosPlan(seed)::next).limit(30).toList();
    }

    @Test
    void theSameForTheSameSeed() {
        assertThat(pulls(7)).isEqualTo(pulls(7)).isNotEqualTo(pulls(8));
    }

    @Test
    void everyFaultComesBeforeOneComesAgain() {
        List<ChaosPlan.Pull> pulls = pulls(3);
        for (int i = 0; i < pulls.size(); i += Fault.values().length) {
            assertThat(pulls.subList(i, i + Fault.values().length))
                    .extracting(ChaosPlan.Pull::fault)
                    .containsExactlyInAnyOrder(Fault.values());
        }
    }

    @Test
    void everyFewSecondsAndNotForLong() {
        assertThat(pulls(1)).allSatisfy(pull -> {
            assertThat(pull.before()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
            assertThat(pull.away()).isBetween(Duration.ofMillis(50), Duration.ofSeconds(4));
        });
    }
}
