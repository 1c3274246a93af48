package ai.tatbot.state.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    // So that the clock runs over in every test.
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

    private RateLimiter limiter(int perSecond, int burst, int mostBuckets) {
        return new RateLimiter(perSecond, burst, mostBuckets, clock::get);
    }

    private static long taken(RateLimiter limiter, String name, int attempts) {
        return IntStream.range(0, attempts).filter(i -> limiter.take(name) == 0).count();
    }

    @Test
    void aBurstAndThenSoManyPerSecond() {
        RateLimiter limiter = limiter(10, 5, 10);
        assertThat(taken(limiter, "ook", 20)).isEqualTo(5);
        assertThat(limiter.take("ook")).isEqualTo(SECOND / 10);
        clock.addAndGet(SECOND / 10);
        assertThat(taken(limiter, "ook", 20)).isEqualTo(1);
        long sum = 0;
        for (int i = 0; i < 100; i++) {
            clock.addAndGet(SECOND / 10);
            sum += taken(limiter, "ook", 3);
        }
        assertThat(sum).isEqualTo(100);
        clock.addAndGet(100 * SECOND);
        assertThat(taken(limiter, "ook", 20)).isEqualTo(5);
    }

    @Test
    void namesDoNotDisturbEachOther() {
        RateLimiter limiter = limiter(10, 5, 10);
        assertThat(taken(limiter, "ook", 20)).isEqualTo(5);
        assertThat(taken(limiter, "hog", 20)).isEqualTo(5);
    }

    @Test
    void theNumberOfBucketsIsBounded() {
        RateLimiter limiter = limiter(1, 2, 100);
        for (int i = 0; i < 100_000; i++) {
            limiter.take("name " + i);
        }
        assertThat(limiter.size()).isEqualTo(100);
        // Who came too late shares what there is for all of them.
        assertThat(limiter.take("another")).isPositive();
        assertThat(limiter.take("name 5")).isZero();
        clock.addAndGet(10 * SECOND);
        assertThat(limiter.take("another")).isZero();
        assertThat(limiter.size()).isEqualTo(1);
    }
}
