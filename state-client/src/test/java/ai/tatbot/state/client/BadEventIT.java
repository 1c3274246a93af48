package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.ProgressUpdate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Messages on our channels that are no events, and listeners that fail: reported, and what comes after them still arrives. */
class BadEventIT {
    private static final String PROGRESS = "stroke:events:progress";
    private static final String GOOD = "{\"type\":\"progress_update\",\"session_id\":\"s1\",\"node_id\":\"hog\","
            + "\"stroke_idx\":5,\"pose_idx\":25,\"timestamp\":\"2025-08-18T20:09:37.123456\"}";

    private static RedisServer redis;

    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private StateManager state;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL");
        state = StateManager.connect(
                redis.options().nodeId("ook").problemListener(problems::add).build());
    }

    @AfterEach
    void disconnect() {
        state.close();
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                message("", "expected a JSON object, found nothing"),
                message("[1]", "expected a JSON object, found an array"),
                message("{}", "type is required"),
                message(with("\"progress_update\"", "7"), "type must be a string, was 7"),
                message(with("\"progress_update\"", "null"), "type must be a string, was null"),
                message(
                        with("\"progress_update\"", "\"session_end\""),
                        "type must be one of progress_update on stroke:events:progress, was \"session_end\""),
                message(with("\"s1\"", "null"), "session_id must be a string, was null"),
                message(
                        with("\"s1\"", "\"a b\""),
                        "session_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,127}, was \"a b\""),
                message(with("5", "\"5\""), "stroke_idx must be an integer, was \"5\""),
                message(with("25", "-25"), "pose_idx must be from 0 to 2147483647, was -25"),
                message(with("5", "5,\"rev\":0"), "rev must be from 1 to 9007199254740991, was 0"),
                message(GOOD + "x".repeat(70_000), "an event must have at most 65536 bytes, has 70130"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("messages")
    void isReportedAndPassedOver(String message, String why) throws InterruptedException {
        Subscription subscription = state.subscribe(Channels.STROKE_PROGRESS, heard::add);
        publish(PROGRESS, message.getBytes(StandardCharsets.UTF_8));
        publish(PROGRESS, GOOD.getBytes(StandardCharsets.UTF_8));

        assertThat(next())
                .isInstanceOfSatisfying(
                        ProgressUpdate.class,
                        update -> assertThat(update.poseIdx()).isEqualTo(25));
        assertThat(heard).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_EVENT);
            assertThat(problem.source()).isEqualTo(PROGRESS);
            assertThat(problem.message()).isEqualTo(why + "; passed over");
        });
        assertThat(subscription.condition()).isEqualTo(Subscription.Condition.LIVE);
    }

    @Test
    void whatIsNotJsonIsReportedAndPassedOver() throws InterruptedException {
        state.subscribe(Channels.STROKE_PROGRESS, heard::add);
        publish(PROGRESS, new byte[] {0, (byte) 0xff, 13, 10, '*', '3'});
        publish(PROGRESS, GOOD.substring(0, 50).getBytes(StandardCharsets.UTF_8));
        publish(PROGRESS, GOOD.replace("}", ",\"x\":" + "[".repeat(60_000)).getBytes(StandardCharsets.UTF_8));
        publish(PROGRESS, new byte[2_000_000]);
        publish(PROGRESS, GOOD.getBytes(StandardCharsets.UTF_8));
        assertThat(next()).isInstanceOf(ProgressUpdate.class);
        assertThat(problems).hasSize(4);
        assertThat(problems.subList(0, 3))
                .allSatisfy(problem -> assertThat(problem.message())
                        .matches("not JSON(( at byte [0-9]+)?: \".*|: the bytes are not UTF-8); passed over"));
    }

    @Test
    void channelsThatOnlyLookLikeOursAreReported() throws InterruptedException {
        state.subscribe(Channels.NODE_EVENTS, heard::add);
        String health = "{\"type\":\"health_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37\"}";
        publish("node:events:a:b", health.getBytes(StandardCharsets.UTF_8));
        publish("node:events:hog", health.getBytes(StandardCharsets.UTF_8));
        assertThat(next().nodeId()).isEqualTo("hog");
        assertThat(heard).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("\"node:events:a:b\"");
            assertThat(problem.message())
                    .isEqualTo("no channel of the schema; expected node:events:{node_id}; passed over");
        });
    }

    @Test
    void aListenerThatThrowsGoesOnBeingCalled() throws InterruptedException {
        List<Throwable> thrown = List.of(
                new IllegalStateException("first"), new AssertionError("second"), new StackOverflowError("third"));
        BlockingQueue<Throwable> toThrow = new LinkedBlockingQueue<>(thrown);
        Subscription subscription = state.subscribe(Channels.STROKE_PROGRESS, event -> {
            Throwable next = toThrow.poll();
            if (next != null) {
                sneak(next);
            }
            heard.add(event);
        });
        for (int i = 0; i < 4; i++) {
            publish(PROGRESS, GOOD.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(next()).isInstanceOf(ProgressUpdate.class);
        assertThat(problems).extracting(Problem::kind).containsOnly(Problem.Kind.LISTENER_FAILED);
        assertThat(problems).extracting(Problem::cause).isEqualTo(thrown);
        assertThat(problems.get(0).source()).isEqualTo(PROGRESS);
        assertThat(problems.get(0).message())
                .isEqualTo("a listener threw java.lang.IllegalStateException: first; it goes on being called");
        assertThat(subscription.condition()).isEqualTo(Subscription.Condition.LIVE);
    }

    @Test
    void aProblemListenerThatThrowsStopsNothing() throws InterruptedException {
        try (StateManager touchy = StateManager.connect(redis.options()
                .problemListener(problem -> {
                    throw new IllegalStateException("no more problems");
                })
                .build())) {
            Subscription subscription = touchy.subscribe(Channels.STROKE_PROGRESS, heard::add);
            publish(PROGRESS, "nonsense".getBytes(StandardCharsets.UTF_8));
            publish(PROGRESS, GOOD.getBytes(StandardCharsets.UTF_8));
            assertThat(next()).isInstanceOf(ProgressUpdate.class);
            assertThat(subscription.condition()).isEqualTo(Subscription.Condition.LIVE);

            StrokeSession session = touchy.startStrokeSession(Samples.tattoo());
            redis.admin(
                    "DEL stream:stroke_history:" + session.id(), "SET stream:stroke_history:" + session.id() + " text");
            assertThat(session.update(1, 1)).isEqualTo(session.revision());
        }
    }

    @Test
    void aHistoryThatCannotBeWrittenIsReportedAndHoldsNothingUp() throws InterruptedException {
        state.subscribe(Channels.STROKE_PROGRESS, heard::add);
        StrokeSession session = state.startStrokeSession(Samples.tattoo());
        String history = "stream:stroke_history:" + session.id();
        redis.admin("DEL " + history, "SET " + history + " text");
        long revision = session.update(1, 1);
        assertThat(next().rev()).isEqualTo(revision);
        assertThat(state.strokeProgress(session.id()).orElseThrow().rev()).isEqualTo(revision);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.SIDE_EFFECT_FAILED);
            assertThat(problem.source()).isEqualTo("stroke:progress:" + session.id());
            assertThat(problem.message())
                    .isEqualTo(
                            "stored and published, but what goes with it failed: WRONGTYPE Operation against a key holding"
                                    + " the wrong kind of value");
        });
    }

    @Test
    void aProblemListenerThatThrowsAnErrorStopsNothing() throws InterruptedException {
        BlockingQueue<Problem> told = new LinkedBlockingQueue<>();
        StateOptions options = redis.options()
                .nodeId("ook")
                .problemListener(problem -> {
                    told.add(problem);
                    throw new AssertionError("no room");
                })
                .build();
        try (StateManager other = StateManager.connect(options)) {
            Subscription subscription = other.subscribe(Channels.STROKE_PROGRESS, heard::add);
            publish(PROGRESS, new byte[] {'x'});
            publish(PROGRESS, GOOD.getBytes(StandardCharsets.UTF_8));
            assertThat(next()).isInstanceOf(ProgressUpdate.class);
            assertThat(told).hasSize(1);
            assertThat(subscription.condition()).isEqualTo(Subscription.Condition.LIVE);
        }
    }

    @Test
    void theNameOfAHostileChannelIsSafeToLog() throws InterruptedException {
        state.subscribe(Channels.NODE_EVENTS, heard::add);
        String health = "{\"type\":\"health_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37\"}";
        publish("node:events:\u001b[2J\nINFO all is well", health.getBytes(StandardCharsets.UTF_8));
        publish("node:events:hog", health.getBytes(StandardCharsets.UTF_8));
        assertThat(next().nodeId()).isEqualTo("hog");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_EVENT);
            assertThat(problem.source()).contains("node:events:").contains("INFO all is well");
            assertThat(problem.toString()).doesNotContainPattern("\\p{Cntrl}");
        });
    }

    @Test
    void anEventOfSomeoneElseIsNotPublished() {
        try (Eavesdropper eavesdropper = Eavesdropper.on(redis)) {
            NodeOnline ook = NodeOnline.builder().nodeId("ook").build();
            assertThatThrownBy(() -> state.publishEvent(Channels.nodeEvents("hog"), ook))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("node_id must be hog on node:events:hog, was \"ook\"");
            ErrorReport error = ErrorReport.builder()
                    .nodeId("ook")
                    .category("network")
                    .message("gone")
                    .build();
            assertThatThrownBy(() -> state.publishEvent(Channels.errorEvents("robot"), error))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageMatching("category must be robot on .*robot, was \"network\"");
            // A position is not logged, and is checked all the same.
            HealthUpdate health =
                    HealthUpdate.builder().from(Samples.health("ook").build()).build();
            assertThatThrownBy(() -> state.publishEvent(Channels.nodeEvents("hog"), health))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("node_id must be hog on node:events:hog, was \"ook\"");
            assertThatThrownBy(() -> state.publishEvent(
                            Channels.nodeEvents("ook"), ook.toBuilder().rev(7L).build()))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith("rev, event_id, seq and seq_lost are added by Redis");
            assertThat(eavesdropper.soFar()).isEmpty();
            assertThat(Snapshot.of(redis).contents()).isEmpty();
            assertThat(state.publishEvent(Channels.nodeEvents("ook"), ook)).isPresent();
            assertThat(eavesdropper.soFar()).hasSize(1);
        }
    }

    @Test
    void anEventIsNotPublishedUnderAnIdOfItsOwn() {
        CustomEvent event = Samples.greeting("ook").toBuilder().eventId("1-1").build();
        assertThatThrownBy(() -> state.publishEvent(Channels.SYSTEM_EVENTS, event))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(
                        "rev, event_id, seq and seq_lost are added by Redis when an event is stored; build this greeting without them");
    }

    @Test
    void anEventThatIsTooLongIsNotPublished() {
        CustomEvent event = CustomEvent.builder()
                .type("greeting")
                .data(Map.of("text", "x".repeat(70_000)))
                .build();
        assertThatThrownBy(() -> state.publishEvent(Channels.SYSTEM_EVENTS, event))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("an event must have at most 65536 bytes, this greeting has 70");
        assertThat(Snapshot.of(redis).contents()).isEmpty();
    }

    private Event next() throws InterruptedException {
        Event event = heard.poll(5, TimeUnit.SECONDS);
        assertThat(event).as("an event within 5 s").isNotNull();
        return event;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static void publish(String channel, byte[] message) {
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(channel.getBytes(StandardCharsets.UTF_8), message);
        }
    }

    private static Arguments message(String message, String why) {
        return Arguments.of(message, why);
    }

    private static String with(String old, String replacement) {
        return GOOD.replaceFirst("(?<=:)" + old + "(?=[,}])", replacement);
    }
}
