package ai.tatbot.state.client.faultkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same faults have the same effect, whatever Redis runs in: a process, and a container where there is an engine. */
class FaultKitIT {
    /** Servers that keep their data. Only what there is, so that nothing need be skipped. */
    static Stream<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.PROCESS));
        if (RedisContainer.isAvailable()) {
            kinds.add(Kind.CONTAINER);
        }
        return kinds.stream();
    }

    private static StateManager connect(RedisUnderTest redis) {
        return StateManager.connect(
                redis.options().nodeId("hog").timeout(Duration.ofMillis(400)).build());
    }

    private static StateException refused(Runnable call) {
        StateException refused = Assertions.catchThrowableOfType(StateException.class, call::run);
        assertThat(refused).as("the call is refused").isNotNull();
        return refused;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void killedAndStartedAgainWithItsData(Kind kind) {
        try (RedisUnderTest redis = kind.start();
                StateManager state = connect(redis)) {
            state.updateNodeHealth(Samples.health("hog").build());
            redis.kill();
            assertThat(refused(() -> state.nodeHealth("hog")).reason()).isEqualTo(Reason.UNAVAILABLE);
            redis.restart();
            assertThat(redis.kind()).isEqualToIgnoringCase(kind.name());
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(StateException.class)
                    .until(() -> state.nodeHealth("hog").isPresent());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void killedAndStartedAgainWithoutData(Kind kind) {
        try (RedisUnderTest redis = kind.start();
                StateManager state = connect(redis)) {
            long before = state.updateNodeHealth(Samples.health("hog").build());
            redis.kill();
            redis.restartEmpty();
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(StateException.class)
                    .until(() -> state.nodeHealth("hog").isEmpty());
            assertThat(state.updateNodeHealth(Samples.health("hog").build())).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void frozen(Kind kind) {
        try (RedisUnderTest redis = kind.start();
                StateManager state = connect(redis)) {
            state.updateNodeHealth(Samples.health("hog").build());
            redis.freeze();
            try {
                assertThat(refused(() -> state.nodeHealth("hog")).reason()).isEqualTo(Reason.TIMEOUT);
            } finally {
                redis.thaw();
            }
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(StateException.class)
                    .until(() -> state.nodeHealth("hog").isPresent());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void cut(Kind kind) {
        try (RedisUnderTest redis = kind.start();
                Proxy proxy = Proxy.to(redis.port());
                StateManager state = StateManager.connect(
                        redis.options().port(proxy.port()).nodeId("hog").build())) {
            long before = state.updateNodeHealth(Samples.health("hog").build());
            proxy.cut();
            assertThat(state.nodeHealth("hog").orElseThrow().rev()).isEqualTo(before);
            assertThat(proxy.connections()).isGreaterThan(1);
        }
    }

    /** What a Redis can run in. */
    enum Kind {
        PROCESS,
        CONTAINER;

        RedisUnderTest start() {
            return this == PROCESS
                    ? RedisServer.startDurable()
                    : RedisContainer.start("--appendonly", "yes", "--appendfsync", "always");
        }
    }
}
