package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What tools do: overwrite any document, and hear how many listen to an event. */
class PutIT {
    private static RedisServer redis;
    private static StateManager state;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        state = StateManager.connect(redis.options().nodeId("tool").build());
    }

    @AfterAll
    static void stop() {
        state.close();
        redis.close();
    }

    @Test
    void itOverwritesWhatIsExpectedAndNothingElse() {
        Key<RobotState> key = Keys.robotState("put-robot");
        RobotState connected = Samples.robot("put-robot").isConnectedL(true).build();
        long first = state.put(key, connected, null, null);
        long second = state.put(key, connected, first, null);
        assertThat(second).isEqualTo(first + 1);
        assertThatThrownBy(() -> state.put(key, connected, first, null))
                .isInstanceOfSatisfying(
                        StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(state.robotState("put-robot").orElseThrow().rev()).isEqualTo(second);
    }

    @Test
    void itTellsThatAnArmHasTurned() {
        try (Eavesdropper listener = Eavesdropper.on(redis)) {
            state.put(
                    Keys.robotState("put-arm"),
                    Samples.robot("put-arm")
                            .isConnectedL(true)
                            .isConnectedR(false)
                            .build(),
                    null,
                    null);
            state.put(
                    Keys.robotState("put-arm"),
                    Samples.robot("put-arm")
                            .isConnectedL(false)
                            .isConnectedR(false)
                            .build(),
                    null,
                    null);
            List<String> expected = List.of("state_update", "arm_connected", "state_update", "arm_disconnected");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(listener.soFar())
                            .extracting(heard -> heard.message().replaceAll(".*\"type\":\"([a-z_]+)\".*", "$1"))
                            .containsExactlyInAnyOrderElementsOf(expected));
        }
    }

    @Test
    void itMendsWhatCannotBeRead() {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset("robot:state:put-broken", "state", "nonsense");
        }
        state.put(Keys.robotState("put-broken"), Samples.robot("put-broken").build(), null, null);
        assertThat(state.robotState("put-broken")).isPresent();
    }

    @Test
    void itLivesAsLongAsItIsTold() {
        Key<StrokeProgress> key = Keys.strokeProgress("put-session");
        state.put(key, Samples.tattoo().nodeId("hog").build(), null, Duration.ofSeconds(5));
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.pttl(key.name())).isBetween(1L, 5_000L);
            state.put(key, Samples.tattoo().nodeId("hog").build(), null, null);
            assertThat(jedis.pttl(key.name())).isGreaterThan(5_000L);
        }
        assertThatThrownBy(() -> state.put(key, Samples.tattoo().nodeId("hog").build(), null, Duration.ZERO))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aDocumentOfAnotherNodeIsRefused() {
        assertThatThrownBy(() -> state.put(
                        Keys.robotState("put-one"), Samples.robot("put-other").build(), null, null))
                .hasMessage("node_id must be put-one in robot:state:put-one, was put-other");
    }

    @Test
    void itSaysHowManyListen() {
        CustomEvent event = CustomEvent.builder().type("hello").build();
        assertThat(state.publish(Channels.SYSTEM_EVENTS, event).receivers()).isZero();
        try (Subscription listening = state.subscribe(Channels.SYSTEM_EVENTS, e -> {})) {
            assertThat(listening.condition()).isEqualTo(Subscription.Condition.LIVE);
            Publication published = state.publish(Channels.SYSTEM_EVENTS, event);
            assertThat(published.receivers()).isEqualTo(1);
            assertThat(published.eventId()).isNotNull();
        }
    }
}
