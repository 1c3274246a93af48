package ai.tatbot.state.client.faultkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The same faults have the same effect, whatever Redis runs in. */
abstract class FaultKitContract {
    /** A server that keeps its data. */
    abstract RedisUnderTest start();

    private static StateManager connect(RedisUnderTest redis) {
        return StateManager.connect(
                redis.options().nodeId("hog").timeout(Duration.ofMillis(400)).build());
    }

    private static StateException refused(Runnable call) {
        StateException refused = Assertions.catchThrowableOfType(StateException.class, call::run);
        assertThat(refused).as("the call is refused").isNotNull();
        return refused;
    }

    @Test
    void killedAndStartedAgainWithItsData() {
        try (RedisUnderTest redis = start();
                StateManager state = connect(redis)) {
            state.updateNodeHealth(Samples.health("hog").build());
            redis.kill();
            assertThat(refused(() -> state.nodeHealth("hog")).reason()).isEqualTo(Reason.UNAVAILABLE);
            redis.restart();
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(StateException.class)
                    .until(() -> state.nodeHealth("hog").isPresent());
        }
    }

    @Test
    void killedAndStartedAgainWithoutData() {
        try (RedisUnderTest redis = start();
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

    @Test
    void frozen() {
        try (RedisUnderTest redis = start();
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

    @Test
    void cut() {
        try (RedisUnderTest redis = start();
                Proxy proxy = Proxy.to(redis.port());
                StateManager state = StateManager.connect(
                        redis.options().port(proxy.port()).nodeId("hog").build())) {
            long before = state.updateNodeHealth(Samples.health("hog").build());
            proxy.cut();
            assertThat(state.nodeHealth("hog").orElseThrow().rev()).isEqualTo(before);
            assertThat(proxy.connections()).isGreaterThan(1);
        }
    }
}
