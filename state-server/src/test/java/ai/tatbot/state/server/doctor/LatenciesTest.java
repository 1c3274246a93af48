package ai.tatbot.state.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesAreOfTheTimesThemselves() {
        Latencies latencies = Latencies.ofNanos(
                LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000).toArray());
        assertThat(latencies.count()).isEqualTo(100);
        assertThat(latencies.micros(50)).isEqualTo(50);
        assertThat(latencies.micros(99)).isEqualTo(99);
        assertThat(latencies.micros(100)).isEqualTo(100);
        assertThat(latencies.maxMicros()).isEqualTo(100);
        assertThat(Latencies.ofNanos(new long[] {7_000}).micros(50)).isEqualTo(7);
        assertThatThrownBy(() -> Latencies.ofNanos(new long[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHistogramBeginsAndEndsWhereThereIsSomething() {
        Latencies latencies = Latencies.ofNanos(new long[] {60_000, 99_999, 100_000, 1_500_000, 9_000_000_000L});
        assertThat(latencies.histogram())
                .startsWith(
                        new Latencies.Bin(50, 100, 2), new Latencies.Bin(100, 200, 1), new Latencies.Bin(200, 500, 0))
                .endsWith(new Latencies.Bin(1_000_000, Long.MAX_VALUE, 1));
        assertThat(latencies.histogram().stream()
                        .mapToLong(Latencies.Bin::count)
                        .sum())
                .isEqualTo(5);
    }
}
