package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks whether Redis is alive. */
final class PulseCall extends Call {
    private static final Frame PING = Frame.of(List.of("PING".getBytes(StandardCharsets.US_ASCII)));

    PulseCall() {
        super(
                "asking whether Redis is alive",
                System.nanoTime() + Duration.ofDays(1).toNanos());
    }

    @Override
    Frame frame() {
        return PING;
    }

    @Override
    void answered(@Nullable Object answer, @Nullable StateException unconfirmed) {
        // Any answer will do.
    }

    @Override
    void failed(StateException failure) {
        // Whoever calls is told.
    }
}
