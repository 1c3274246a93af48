package ai.tatbot.state.server.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.show.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OperationsIT {
    private static final Principal READER = new Principal("reader", Set.of(Scope.READ));
    private static final Principal ADMIN = new Principal("admin", Set.of(Scope.ADMIN));

    private final List<String> audit = new CopyOnWriteArrayList<>();
    private RedisServer redis;
    private StateManager hog;
    private LiveFleet fleet;
    private Operations operations;

    @BeforeEach
    void start() throws InterruptedException {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        fleet = LiveFleet.start(redis.options().nodeId("server").problemListener(problem -> {}));
        operations = new Operations(
                fleet,
                true,
                (who, operation, subject, outcome) ->
                        audit.add(who.name() + " " + operation + " " + subject + " " + outcome));
        assertThat(fleet.mirror().awaitLive(Duration.ofSeconds(10))).isTrue();
    }

    @AfterEach
    void stop() {
        fleet.close();
        hog.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    private static JsonNode json(JsonWritable value) {
        return new JsonMapper().readTree(JsonText.bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(Code code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(OperationException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(message);
        });
    }

    @Test
    void aDocumentWithAllThatIsKnownOfIt() {
        long revision = hog.updateRobotState(Samples.robot("hog").build());
        JsonNode reading = json(operations.getState("robot:state:hog"));
        assertThat(reading.propertyNames())
                .containsExactly(
                        "key", "found", "value", "type", "revision", "updated_at", "age_ms", "ttl_ms", "stale");
        assertThat(reading.get("revision").asLong()).isEqualTo(revision);
        assertThat(reading.get("type").asString()).isEqualTo("robot_state");
        assertThat(reading.get("ttl_ms").asLong())
                .isBetween(1L, Duration.ofHours(24).toMillis());
        assertThat(reading.get("stale").asBoolean()).isFalse();
        assertThat(reading.get("value").get("node_id").asString()).isEqualTo("hog");
    }

    @Test
    void whatIsNotThereIsNoError() {
        JsonNode reading = json(operations.getState("robot:state:nobody"));
        assertThat(reading.get("found").asBoolean()).isFalse();
        assertThat(reading.get("value").isNull()).isTrue();
        assertThat(json(operations.getState("stroke:progress")).get("found").asBoolean())
                .isFalse();
        refused(Code.INVALID_KEY, "allowed are", () -> operations.getState("config:x"));
    }

    @Test
    void aliasesStandForWhatIsInHand() {
        hog.updateRobotState(Samples.robot("hog").build());
        try (StrokeSession session = hog.startStrokeSession(2, 3, "scene")) {
            session.update(1, 2);
            await().until(() -> operations.getState("stroke:progress").found());
            assertThat(operations.getState("stroke:progress").key()).isEqualTo("stroke:progress:" + session.id());
            assertThat(operations.getState("robot:state").key()).isEqualTo("robot:state:hog");
            assertThat(json(operations.getState("stream:stroke_history")).get("value"))
                    .isNotEmpty();
            assertThat(json(operations.history(session.id(), 10))
                            .get("entries")
                            .get(0)
                            .get("pose_idx")
                            .asInt())
                    .isNotNegative();
            session.end();
        }
    }

    @Test
    void keysOfEveryTypeCanBeRead() {
        hog.reportError("robot", "hot", Map.of());
        hog.updateNodeHealth(Samples.health("hog").build());
        JsonNode log = json(operations.getState("events:log")).get("value");
        assertThat(log.get(0).get("event").get("type").asString()).isEqualTo("error");
        assertThat(json(operations.getState("index:nodes")).get("value").get(0).asString())
                .isEqualTo("hog");
        assertThat(json(operations.getState("liveness:hog")).get("value").isObject())
                .isTrue();
        assertThat(json(operations.log(5)).get("entries")).isNotEmpty();
    }

    @Test
    void garbageIsToldNotShown() {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset("robot:state:bad", "state", "{\"node_id\": 7}");
            jedis.set("node:health:bad", "text");
        }
        refused(Code.INVALID_VALUE, "does not fit its schema", () -> operations.getState("robot:state:bad"));
        refused(Code.INVALID_VALUE, "", () -> operations.getState("node:health:bad"));
    }

    @Test
    void pagesHaveEveryDocumentOnce() {
        for (int i = 0; i < 7; i++) {
            hog.updateRobotState(Samples.robot("n" + i).build());
        }
        await().until(() ->
                operations.listState("robot_state", 100, null).items().size() == 7);
        List<String> keys = new ArrayList<>();
        String cursor = null;
        do {
            StatePage page = operations.listState("robot_state", 3, cursor);
            page.items().forEach(item -> keys.add(item.key()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(keys)
                .containsExactly(
                        "robot:state:n0",
                        "robot:state:n1",
                        "robot:state:n2",
                        "robot:state:n3",
                        "robot:state:n4",
                        "robot:state:n5",
                        "robot:state:n6");
        refused(Code.INVALID_ARGUMENT, "1 to 1000", () -> operations.listState(null, 0, null));
        refused(Code.INVALID_ARGUMENT, "kind", () -> operations.listState("events_log", 1, null));
        refused(Code.INVALID_ARGUMENT, "cursor", () -> operations.listState(null, 1, "%%%"));
    }

    @Test
    void eventsArePublishedOrNothingIs() {
        Published custom = operations.publishEvent(ADMIN, "system:events", "lamp", bytes("{\"on\": true}"));
        assertThat(custom.eventId()).isNotNull();
        Published error = operations.publishEvent(
                ADMIN, "error:events:robot", "error", bytes("{\"category\": \"robot\", \"message\": \"hot\"}"));
        assertThat(json(operations.log(2))
                        .get("entries")
                        .get(1)
                        .get("event")
                        .get("message")
                        .asString())
                .isEqualTo("hot");
        assertThat(error.receivers()).isPositive();
        try (Jedis jedis = redis.jedis()) {
            long length = jedis.xlen("events:log");
            refused(
                    Code.UNKNOWN_CHANNEL,
                    "allowed are",
                    () -> operations.publishEvent(ADMIN, "other:events", "x", bytes("{}")));
            refused(
                    Code.INVALID_EVENT,
                    "",
                    () -> operations.publishEvent(ADMIN, "error:events:robot", "error", bytes("{}")));
            refused(
                    Code.INVALID_EVENT,
                    "data",
                    () -> operations.publishEvent(ADMIN, "system:events", "x", bytes("[]")));
            refused(
                    Code.NOT_ALLOWED,
                    "publish",
                    () -> operations.publishEvent(READER, "system:events", "x", bytes("{}")));
            assertThat(jedis.xlen("events:log")).isEqualTo(length);
        }
        assertThat(audit)
                .containsExactly(
                        "admin publish_event system:events event " + custom.eventId(),
                        "admin publish_event error:events:robot event " + error.eventId(),
                        "admin publish_event other:events UNKNOWN_CHANNEL",
                        "admin publish_event error:events:robot INVALID_EVENT",
                        "admin publish_event system:events INVALID_EVENT",
                        "reader publish_event system:events NOT_ALLOWED");
    }

    @Test
    void stateIsOverwrittenByWhoMayAndKnowsIt() {
        String value = "{\"timestamp\": \"2026-01-02T03:04:05Z\", \"node_id\": \"rig\", \"current_pose\": \"sleep\"}";
        Written first = operations.setState(ADMIN, "robot:state:rig", bytes(value), null, null);
        refused(
                Code.CONFLICT,
                "",
                () -> operations.setState(ADMIN, "robot:state:rig", bytes(value), first.revision() + 5, null));
        Written second =
                operations.setState(ADMIN, "robot:state:rig", bytes(value), first.revision(), Duration.ofSeconds(9));
        assertThat(second.revision()).isEqualTo(first.revision() + 1);
        assertThat(json(operations.getState("robot:state:rig")).get("ttl_ms").asLong())
                .isBetween(1L, 9_000L);
        refused(
                Code.INVALID_VALUE,
                "node_id",
                () -> operations.setState(ADMIN, "robot:state:rig", bytes("{}"), null, null));
        refused(
                Code.INVALID_KEY,
                "no document",
                () -> operations.setState(ADMIN, "events:log", bytes(value), null, null));
        refused(
                Code.NOT_ALLOWED,
                "admin",
                () -> operations.setState(READER, "robot:state:rig", bytes(value), null, null));
        Operations without = new Operations(fleet, false, (who, operation, subject, outcome) -> {});
        refused(
                Code.NOT_ALLOWED,
                "--allow-set-state",
                () -> without.setState(ADMIN, "robot:state:rig", bytes(value), null, null));
    }

    @Test
    void watchingEndsWithAChangeWithTimeOrWithTheCaller() {
        long revision = hog.updateRobotState(Samples.robot("hog").build());
        await().until(() -> fleet.mirror().robotState("hog").isPresent());
        assertThat(operations
                        .watchState("robot:state:hog", 1L, Duration.ofSeconds(5), Cancellation.NEVER, waited -> {})
                        .changed())
                .isTrue();
        assertThat(operations
                        .watchState("robot:state:hog", revision, Duration.ZERO, Cancellation.NEVER, waited -> {})
                        .changed())
                .isFalse();
        // Of a document that is not there, another revision is not what is stored.
        assertThat(operations
                        .watchState("robot:state:nobody", 1L, Duration.ofSeconds(20), Cancellation.NEVER, waited -> {})
                        .changed())
                .isTrue();
        assertThat(operations
                        .watchState("robot:state:nobody", 0L, Duration.ofMillis(5), Cancellation.NEVER, waited -> {})
                        .changed())
                .isFalse();
        List<Duration> progress = new CopyOnWriteArrayList<>();
        CompletableFuture<Observation> waiting = CompletableFuture.supplyAsync(() -> operations.watchState(
                "robot:state:hog", revision, Duration.ofSeconds(30), Cancellation.NEVER, progress::add));
        await().until(() -> !progress.isEmpty());
        long next = hog.updateRobotState(Samples.robot("hog").build());
        assertThat(waiting)
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(seen -> assertThat(seen.reading().revision()).isEqualTo(next));
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture<Observation> given = CompletableFuture.supplyAsync(() ->
                operations.watchState("robot:state:hog", next, Duration.ofSeconds(30), cancelled::get, waited -> {}));
        cancelled.set(true);
        assertThat(given)
                .succeedsWithin(Duration.ofSeconds(5))
                .extracting(Observation::changed)
                .isEqualTo(false);
        refused(
                Code.INVALID_ARGUMENT,
                "30000",
                () -> operations.watchState(
                        "robot:state:hog", null, Duration.ofSeconds(31), Cancellation.NEVER, waited -> {}));
    }

    @Test
    void whileRedisIsAwayWhatIsKnownIsMarkedAndTheRestFailsAtOnce() {
        long revision = hog.updateRobotState(Samples.robot("hog").build());
        await().until(() -> fleet.mirror().robotState("hog").isPresent());
        redis.kill();
        await().until(() -> !fleet.link().isLive());
        StateReading known = operations.getState("robot:state:hog");
        assertThat(known.revision()).isEqualTo(revision);
        assertThat(known.stale()).isTrue();
        assertThat(json(operations.systemStatus()).get("status").asString()).isEqualTo("down");
        refused(
                Code.UNAVAILABLE,
                "Redis at 127.0.0.1:" + redis.port(),
                () -> operations.publishEvent(ADMIN, "system:events", "x", bytes("{}")));
        redis.restart();
        await().until(() -> fleet.link().isLive());
        await().ignoreExceptions()
                .until(() -> operations.publishEvent(ADMIN, "system:events", "x", bytes("{}")) != null);
    }
}
