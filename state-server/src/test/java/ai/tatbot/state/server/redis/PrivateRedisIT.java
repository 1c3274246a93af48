package ai.tatbot.state.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PrivateRedisIT {
    private static final Map<String, String> PATH =
            Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));

    private static StateManager connect(PrivateRedis redis) {
        return StateManager.connect(
                redis.options().nodeId("hog").timeout(Duration.ofMillis(300)).build());
    }

    private static String session(PrivateRedis redis) {
        try (StateManager state = connect(redis);
                StrokeSession session = state.startStrokeSession(10, 10, "tatbotlogo")) {
            session.update(3, 4);
            return session.id();
        }
    }

    private static boolean has(PrivateRedis redis, String session) {
        try (StateManager state = connect(redis)) {
            return state.strokeProgress(session).isPresent();
        }
    }

    @Test
    void killedOrShutDownItComesBackWithItsData() throws InterruptedException {
        try (PrivateRedis redis = PrivateRedis.startWithData(PATH)) {
            String first = session(redis);
            redis.kill();
            assertThatThrownBy(() -> connect(redis)).isInstanceOf(StateException.class);
            redis.startAgain();
            assertThat(has(redis, first)).isTrue();
            redis.shutDown();
            assertThatThrownBy(() -> connect(redis)).isInstanceOf(StateException.class);
            redis.startAgain();
            assertThat(has(redis, first)).isTrue();
        }
    }

    @Test
    void frozenItAnswersNothingUntilItIsThawed() {
        try (PrivateRedis redis = PrivateRedis.start(PATH)) {
            String session = session(redis);
            redis.freeze();
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> connect(redis)).isInstanceOf(StateException.class));
            redis.thaw();
            assertThat(has(redis, session)).isTrue();
        }
    }

    @Test
    void awayOrFrozenItLeavesNothingBehind() throws InterruptedException {
        for (boolean frozen : new boolean[] {false, true}) {
            PrivateRedis redis = PrivateRedis.startWithData(PATH);
            Path folder = redis.passwordFile().getParent();
            if (frozen) {
                redis.freeze();
            } else {
                redis.kill();
            }
            redis.close();
            assertThat(Files.exists(folder)).isFalse();
        }
    }

    @Test
    void oneThatCannotStartSaysWhy() throws Exception {
        Path bin = Files.createTempDirectory("no-redis");
        try {
            Path program = Files.writeString(bin.resolve("redis-server"), "#!/bin/sh\necho out of ink >&2; exit 1\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
            long since = System.nanoTime();
            assertThatThrownBy(() -> PrivateRedis.start(Map.of("PATH", bin.toString())))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining(program + " ended at once: out of ink");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
        } finally {
            Files.delete(bin.resolve("redis-server"));
            Files.delete(bin);
        }
    }
}
