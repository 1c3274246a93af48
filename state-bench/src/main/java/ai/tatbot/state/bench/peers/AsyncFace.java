package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import java.util.Optional;

/**
 * The asynchronous face of the client, with {@link Pipelined#IN_FLIGHT} updates under way. The one place that names it: without
 * it in the build, the report says that it was not measured.
 */
public final class AsyncFace {
    private AsyncFace() {}

    /** Updates of sessions in turn, pipelined by itself. */
    public static Optional<Contestant> updates(BenchRedis redis) {
        return Optional.empty();
    }
}
