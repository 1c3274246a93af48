package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Full jitter below a ceiling that doubles up to a cap. */
class BackoffTest {
    private static long[] drawn(Backoff backoff, int attempt) {
        return IntStream.range(0, 2_000)
                .mapToLong(i -> backoff.before(attempt).toNanos())
                .sorted()
                .toArray();
    }

    @ParameterizedTest(name = "attempt {0}: up to {1} ms")
    @CsvSource({"1,20", "2,40", "3,80", "4,160", "5,320", "6,500", "7,500", "31,500", "32,500", "64,500", "1000000,500"
    })
    void isSpreadFromNothingToTheCeiling(int attempt, long ceilingMillis) {
        long[] waits = drawn(new Backoff(Duration.ofMillis(20), Duration.ofMillis(500)), attempt);
        long ceiling = Duration.ofMillis(ceilingMillis).toNanos();
        assertThat(waits[0]).isBetween(0L, ceiling / 20);
        assertThat(waits[waits.length - 1]).isBetween(ceiling - ceiling / 20, ceiling);
        assertThat(waits[waits.length / 2]).isBetween(ceiling * 4 / 10, ceiling * 6 / 10);
    }

    @Test
    void neverAboveTheCapHoweverLongTheFirst() {
        long[] waits = drawn(new Backoff(Duration.ofMinutes(1), Duration.ofMillis(10)), 1);
        assertThat(waits[waits.length - 1]).isLessThanOrEqualTo(10_000_000);
    }

    @Test
    void nothingMeansNothing() {
        long[] waits = drawn(new Backoff(Duration.ZERO, Duration.ZERO), 3);
        assertThat(waits[waits.length - 1]).isLessThanOrEqualTo(1);
    }
}
