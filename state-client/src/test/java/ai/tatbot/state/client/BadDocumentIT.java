package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/**
 * What is stored under a key of ours and does not fit the schema, whoever wrote it: the read says what and why, those that read
 * many leave it out and report it, and nothing is written.
 */
class BadDocumentIT {
    private static final String KEY = "stroke:progress:s1";
    private static final String GOOD =
            "{\"timestamp\":\"2025-08-18T20:09:37.123456\",\"node_id\":\"hog\",\"stroke_idx\":5,\"pose_idx\":25}";

    private static RedisServer redis;

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
        state = StateManager.connect(redis.options().nodeId("hog").build());
        state.startStrokeSession(Samples.tattoo());
        state.updateNodeHealth(Samples.health("hog").build());
        redis.admin("SADD index:sessions s1");
    }

    @AfterEach
    void disconnect() {
        state.close();
    }

    static Stream<Arguments> documents() {
        return Stream.of(
                document("nothing", "", "expected a JSON object, found nothing"),
                document("blanks", " \n", "expected a JSON object, found nothing"),
                document("null", "null", "expected a JSON object, found null"),
                document("an array", "[" + GOOD + "]", "expected a JSON object, found an array"),
                document("a string", "\"text\"", "expected a JSON object, found \"text\""),
                document("a number", "42", "expected a JSON object, found 42"),
                document("two documents", GOOD + GOOD, "expected one JSON object, found more behind it"),
                document("an empty object", "{}", "timestamp is required"),
                document("no node", "{\"timestamp\":\"2025-08-18T20:09:37Z\"}", "node_id is required"),
                document("no time", "{\"node_id\":\"hog\"}", "timestamp is required"),
                document("text for an integer", with("5", "\"five\""), "stroke_idx must be an integer, was \"five\""),
                document("a fraction for an integer", with("5", "5.5"), "stroke_idx must be an integer, was 5.5"),
                document("an object for an integer", with("5", "{}"), "stroke_idx must be an integer, was an object"),
                document("a huge integer", with("5", "1e300"), "stroke_idx must be an integer, was 1e300"),
                document("too large", with("5", "4294967296"), "stroke_idx must be a 32-bit integer, was 4294967296"),
                document("too small", with("5", "-1"), "stroke_idx must be from 0 to 2147483647, was -1"),
                document(
                        "no time at all",
                        with("\"2025-08-18T20:09:37.123456\"", "\"yesterday\""),
                        "timestamp: expected a time such as 2025-08-18T20:09:37.123456Z, found \"yesterday\""),
                document(
                        "a hostile node",
                        with("\"hog\"", "\"*\""),
                        "node_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was \"*\""),
                document(
                        "a word for a boolean",
                        with("5", "5,\"is_paused\":\"no\""),
                        "is_paused must be true or false, was \"no\""),
                document(
                        "a long text",
                        with("5", "5,\"scene_name\":\"" + "x".repeat(1_000_000) + "\""),
                        "scene_name must have at most 256 characters, has 1000000"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void isReportedAndLeftOut(String name, String document, String why) {
        store("progress", document.getBytes(StandardCharsets.UTF_8));
        assertLeftOut(why);
    }

    static Stream<Arguments> noJson() {
        byte[] random = new byte[1_000_000];
        new Random(7).nextBytes(random);
        return Stream.of(
                Arguments.of("a word", "hello".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("truncated", GOOD.substring(0, GOOD.length() - 5).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("truncated within a string", GOOD.substring(0, 20).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("a megabyte of letters", "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("a megabyte of bytes", random),
                Arguments.of("brackets a thousand deep", "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a deep value",
                        with("5", "5,\"x\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("zeros", new byte[100]),
                Arguments.of("not UTF-8", "{\"node_id\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noJson")
    void whatIsNotJsonIsReportedAndLeftOut(String name, byte[] bytes) {
        store("progress", bytes);
        assertLeftOut(null);
    }

    @Test
    void fieldsBesideTheDocumentAreCheckedToo() {
        store("progress", GOOD.getBytes(StandardCharsets.UTF_8));
        assertThat(state.strokeProgress("s1").orElseThrow().value().strokeIdx()).isEqualTo(5);

        store("rev", "seven".getBytes(StandardCharsets.UTF_8));
        assertLeftOut("rev must be a whole number, was \"seven\"");
        redis.admin("HDEL " + KEY + " rev");

        store("last_updated", "yesterday".getBytes(StandardCharsets.UTF_8));
        assertLeftOut("last_updated: expected a time such as 2025-08-18T20:09:37.123456Z, found \"yesterday\"");
    }

    @Test
    void unknownFieldsAreNoFault() {
        store("progress", with("5", "5,\"colour\":{\"rgb\":[1,2,{\"a\":null}]}").getBytes(StandardCharsets.UTF_8));
        store("note", "mine".getBytes(StandardCharsets.UTF_8));
        assertThat(state.strokeProgress("s1").orElseThrow().value().strokeIdx()).isEqualTo(5);
    }

    @Test
    void aKeyWithoutTheDocumentsFieldIsNoDocument() {
        store("note", "mine".getBytes(StandardCharsets.UTF_8));
        assertThat(state.strokeProgress("s1")).isEmpty();
        assertThat(state.systemStatus().sessions()).hasSize(1);
    }

    @Test
    void anotherTypeUnderTheKey() {
        redis.admin("SET " + KEY + " " + GOOD, "SET stream:stroke_history:s1 text");
        Snapshot before = Snapshot.of(redis);
        String otherType =
                ": the key, or one that belongs to it, holds another Redis type. Nothing was stored. Look at it with TYPE and remove it if it is no longer needed.";
        assertInvalid(() -> state.strokeProgress("s1"), "reading " + KEY + otherType);
        assertInvalid(() -> state.strokeHistory("s1", 10), "reading the history of s1" + otherType);
        SystemStatus status = state.systemStatus();
        assertThat(status.problems())
                .extracting(Problem::message)
                .containsExactly("holds another Redis type than HASH");
        assertThat(status.problems()).extracting(Problem::source).containsExactly(KEY);
        assertThat(status.sessions()).hasSize(1);
        before.assertUntouched(redis);
    }

    @Test
    void aHistoryWithNonsenseInItIsShownAllTheSame() {
        redis.admin(
                "XADD stream:stroke_history:s1 1-1 stroke_idx seven pose_idx 99999999999 timestamp yesterday rev x",
                "XADD stream:stroke_history:s1 2-1 unknown field",
                "XADD stream:stroke_history:s1 3-1 stroke_idx 5 pose_idx 25 node_id *");
        List<HistoryEntry> history = state.strokeHistory("s1", 10);
        assertThat(history).hasSize(3);
        assertThat(history.get(0).time().toEpochMilli()).isEqualTo(1);
        assertThat(history.get(0).strokeIdx()).isZero();
        assertThat(history.get(2).poseIdx()).isEqualTo(25);
    }

    @Test
    void idsInAnIndexThatNoKeyCanHaveArePassedOver() {
        redis.admin("SADD index:nodes * a:b {x}", "SADD index:sessions ../etc");
        SystemStatus status = state.systemStatus();
        assertThat(status.nodes()).extracting(SystemStatus.Node::id).containsExactly("hog");
        assertThat(status.problems()).isEmpty();
        assertThat(state.all(Keys.NODE_HEALTH).values()).hasSize(1);
    }

    @Test
    void theCurrentSessionTellsOfAnUnreadableOne() {
        redis.admin("HSET " + KEY + " progress {}");
        List<Problem> problems = new CopyOnWriteArrayList<>();
        try (StateManager ook = StateManager.connect(
                redis.options().nodeId("ook").problemListener(problems::add).build())) {
            assertThat(ook.currentSession()).isPresent();
        }
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_DOCUMENT);
            assertThat(problem.source()).isEqualTo(KEY);
            assertThat(problem.message()).isEqualTo("timestamp is required");
        });
    }

    @Test
    void keysThatOnlyLookLikeOursAreNotFound() {
        redis.admin("SET node:health:a:b text", "HSET node:health:* health {}", "HSET node:healthy:x health {}");
        assertThat(state.find(Keys.NODE_HEALTH).values()).hasSize(1);
        assertThat(state.find(Keys.NODE_HEALTH).problems()).isEmpty();
        assertThat(state.systemStatusOfAllNodes().nodes()).hasSize(1);
    }

    /** @param why what is wrong with it; null if it is not JSON, where that is the parser's to say */
    private void assertLeftOut(@org.jspecify.annotations.Nullable String why) {
        Snapshot before = Snapshot.of(redis);
        String begin = "reading " + KEY + ": the stored document does not fit its schema: ";
        StateException refused =
                Assertions.catchThrowableOfType(StateException.class, () -> state.strokeProgress("s1"));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        String message = String.valueOf(refused.getMessage());
        String reason = message.substring(Math.min(begin.length(), message.length()));
        assertThat(message).startsWith(begin).hasSizeLessThan(400).doesNotContainPattern("\\p{Cntrl}");
        if (why == null) {
            assertThat(reason)
                    .matches(
                            "not JSON( at byte [0-9]+)?: \".*|not JSON: the bytes are not UTF-8|expected a JSON object, found an array");
        } else {
            assertThat(reason).isEqualTo(why);
        }
        SystemStatus status = state.systemStatus();
        assertThat(status.sessions()).as("the good one").hasSize(1);
        assertThat(status.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_DOCUMENT);
            assertThat(problem.source()).isEqualTo(KEY);
            assertThat(problem.message()).isEqualTo(reason);
        });
        StateList<?> all = state.find(Keys.STROKE_PROGRESS);
        assertThat(all.values()).hasSize(1);
        assertThat(all.problems()).extracting(Problem::message).containsExactly(reason);
        assertThat(state.currentSession()).isPresent();
        before.assertUntouched(redis);
    }

    private static void assertInvalid(Runnable read, String message) {
        StateException refused = Assertions.catchThrowableOfType(StateException.class, read::run);
        assertThat(refused).isNotNull().hasMessage(message);
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    }

    private void store(String field, byte[] value) {
        try (Jedis jedis = redis.jedis()) {
            jedis.hset(KEY.getBytes(StandardCharsets.UTF_8), field.getBytes(StandardCharsets.UTF_8), value);
        }
    }

    private static Arguments document(String name, String document, String why) {
        return Arguments.of(name, document, why);
    }

    private static String with(String old, String replacement) {
        return GOOD.replaceFirst(
                "(?<=:)" + old.replace(".", "\\."), java.util.regex.Matcher.quoteReplacement(replacement));
    }
}
