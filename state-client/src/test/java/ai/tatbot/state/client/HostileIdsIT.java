package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids that would widen a key, a channel or a pattern are refused wherever an id is taken, before anything is sent. */
class HostileIdsIT {
    private static final String NODE_ID = "node_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was ";
    private static final String SESSION_ID = "session_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,127}, was ";
    private static final String CATEGORY = "category must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was ";

    private static RedisServer redis;
    private static StateManager state;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        state = StateManager.connect(redis.options().nodeId("hog").build());
    }

    @AfterAll
    static void stop() {
        state.close();
        redis.close();
    }

    /** Each id, and how a message shows it. */
    private static Map<String, String> ids() {
        Map<String, String> ids = new LinkedHashMap<>();
        for (String plain : List.of(
                "*",
                ":",
                "hog:x",
                "hog*",
                "?",
                "[a]",
                "{hog}",
                " ",
                "",
                "ho g",
                "hog ",
                "-hog",
                "../hog",
                "h\u00f6g")) {
            ids.put(plain, '"' + plain + '"');
        }
        ids.put("hog\n", "\"hog\\n\"");
        ids.put("hog\r\nDEL x", "\"hog\\r\\nDEL x\"");
        ids.put("\0", "\"\\u0000\"");
        ids.put("\u202ehog", "\"\\u202ehog\"");
        ids.put("x".repeat(10_000), '"' + "x".repeat(80) + "\" (10000 characters)");
        return ids;
    }

    /** Each call that takes an id, and how its message begins. */
    private static Map<Consumer<String>, String> calls() {
        Map<Consumer<String>, String> calls = new LinkedHashMap<>();
        calls.put(id -> state.robotState(id), NODE_ID);
        calls.put(id -> state.nodeHealth(id), NODE_ID);
        calls.put(id -> state.strokeProgress(id), SESSION_ID);
        calls.put(id -> state.strokeHistory(id, 10), SESSION_ID);
        calls.put(id -> state.get(Keys.ROBOT_STATE.of(id)), NODE_ID);
        calls.put(id -> state.updateRobotState(Samples.robot(id).build()), NODE_ID);
        calls.put(id -> state.updateNodeHealth(Samples.health(id).build()), NODE_ID);
        calls.put(id -> state.subscribe(Channels.nodeEvents(id), event -> {}), NODE_ID);
        calls.put(id -> state.subscribe(Channels.errorEvents(id), event -> {}), CATEGORY);
        calls.put(id -> state.reportError(id, "message", Map.of()), CATEGORY);
        calls.put(
                id -> state.publishEvent(
                        Channels.errorEvents("robot"),
                        ErrorReport.builder()
                                .nodeId(id)
                                .category("robot")
                                .message("message")
                                .build()),
                NODE_ID);
        calls.put(id -> StateManager.connect(redis.options().nodeId(id).build()).close(), NODE_ID);
        return calls;
    }

    static Stream<Arguments> idsAndCalls() {
        List<Map.Entry<Consumer<String>, String>> calls = List.copyOf(calls().entrySet());
        return ids().entrySet().stream()
                .flatMap(id -> calls.stream()
                        .map(call -> Arguments.of(
                                call.getValue() + id.getValue(),
                                id.getKey(),
                                call.getKey(),
                                call.getValue() + id.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("idsAndCalls")
    void isRefusedBeforeAnythingIsSent(String name, String id, Consumer<String> call, String message) {
        Map<String, Long> before = redis.calls();
        assertThatThrownBy(() -> call.accept(id))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
        assertThat(redis.calls()).isEqualTo(before);
    }

    @Test
    void ordinaryIdsAreTaken() {
        for (String id : List.of("hog", "rpi1", "a", "A.b_c-d", "x".repeat(64))) {
            assertThat(state.robotState(id)).isEmpty();
        }
        assertThat(state.strokeProgress("x".repeat(128))).isEmpty();
    }

    @Test
    void aHistoryOfNoEntriesIsNotAskedFor() {
        for (int most : List.of(0, -1, Integer.MIN_VALUE)) {
            assertThatThrownBy(() -> state.strokeHistory("s1", most))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("most must be at least 1, was " + most);
        }
    }
}
