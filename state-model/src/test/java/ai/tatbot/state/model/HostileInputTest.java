package ai.tatbot.state.model;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives or is set, one exception says what is wrong, in a message that is short and safe to log. */
class HostileInputTest {
    private static final String VALID =
            "{\"type\":\"error\",\"timestamp\":\"2025-08-18T20:09:37Z\",\"node_id\":\"hog\",\"category\":\"robot\",\"message\":\"m\"}";

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\u2028\\u2029\\u0085]");

    static Stream<String> jsonTexts() {
        String deep = "[".repeat(10_000);
        return Stream.of(
                "",
                " \n\t",
                "null",
                "5",
                "\"text\"",
                "[]",
                "[" + VALID + "]",
                "{",
                "{}",
                "{]",
                "{\"type\"",
                "{\"type\":",
                VALID.substring(0, VALID.length() - 1),
                VALID + "}",
                VALID + VALID,
                VALID + " null",
                "\ufeff" + VALID,
                "// comment\n" + VALID,
                VALID.replace("\"m\"", "'m'"),
                VALID.replace("\"m\"", "m"),
                VALID.replace("\"m\"", "NaN"),
                VALID.replace("\"m\"", "\"a\nb\""),
                VALID.replace("\"m\"", "\"\\ud800\""),
                VALID.replace("\"m\"", "\"\\udc00\\ud800\""),
                VALID.replace("\"m\"", "\"\\x41\""),
                VALID.replace("\"m\"", "\"\\u00\""),
                VALID.replace("\"m\"", "5"),
                VALID.replace("\"m\"", "\"" + "m".repeat(10_000) + "\""),
                VALID.replace("hog", "h".repeat(10_240)),
                VALID.replace("hog", "hog\\n"),
                VALID.replace("hog", "hog\\u0000"),
                VALID.replace("hog", "\\u001b[31mhog\\u202e"),
                VALID.replace("hog", "\\udb40\\udc01".repeat(50)),
                VALID.replace("hog", "\\u001b".repeat(100)),
                VALID.replace("2025-", "2025-99-"),
                VALID.replace("2025-08-18T20:09:37Z", "9999-12-31T23:59:59-18:00"),
                VALID.replace("2025-08-18T20:09:37Z", "+12025-08-18T20:09:37Z"),
                VALID.replace("2025-08-18T20:09:37Z", "-0001-08-18T20:09:37Z"),
                VALID.replace("2025-08-18T20:09:37Z", "٢٠٢٥-08-18T20:09:37Z"),
                VALID.replace("}", ",\"node_id\":\"hog\"}"),
                VALID.replace("}", ",\"type\":\"online\"}"),
                VALID.replace("}", ",\"unknown\":{\"a\":1,\"a\":2}}"),
                VALID.replace("}", ",\"details\":{\"a\":1,\"a\":2}}"),
                VALID.replace("}", ",\"details\":{\"a\":1e400}}"),
                VALID.replace("}", ",\"details\":{\"a\":-1e999999999999}}"),
                VALID.replace("}", ",\"details\":{\"a\":" + "9".repeat(400) + "}}"),
                VALID.replace("}", ",\"details\":{\"a\":" + "9".repeat(100_000) + "}}"),
                VALID.replace("}", ",\"details\":{\"\\ud800\":1}}"),
                VALID.replace("}", ",\"details\":{\"a\":[\"\\udfff\"]}}"),
                VALID.replace("}", ",\"details\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(41)),
                VALID.replace("}", ",\"details\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001)),
                VALID.replace("}", ",\"details\":" + deep),
                VALID.replace("}", ",\"unknown\":" + deep),
                VALID.replace("}", ",\"unknown\":" + deep + "]".repeat(10_000) + "}"),
                VALID.replace("}", ",\"rev\":0}"),
                VALID.replace("}", ",\"rev\":\"5\"}"),
                VALID.replace("}", ",\"rev\":9007199254740993}"),
                VALID.replace("}", ",\"rev\":9223372036854775808}"),
                VALID.replace("}", ",\"rev\":" + "9".repeat(10_000) + "}"),
                VALID.replace("}", ",\"rev\":1e400}"),
                VALID.replace("}", ",\"rev\":1e-400}"),
                VALID.replace("}", ",\"rev\":01}"),
                VALID.replace("}", ",\"event_id\":\"1-0\\n\"}"),
                deep,
                "{\"a\":".repeat(10_000));
    }

    @ParameterizedTest
    @MethodSource("jsonTexts")
    void textIsRefused(String json) {
        refusedBothWays(json.getBytes(UTF_8));
    }

    static Stream<byte[]> bytes() {
        return Stream.of(
                VALID.getBytes(UTF_16),
                VALID.getBytes(UTF_16LE),
                VALID.getBytes(StandardCharsets.UTF_16BE),
                VALID.getBytes(java.nio.charset.Charset.forName("UTF-32")),
                new byte[] {0},
                new byte[1000],
                new byte[] {(byte) 0xff, (byte) 0xfe},
                // In a field, then in one that is unknown: no character, too long a form, a surrogate, past the end.
                with("\"m\"", 0xff),
                with("\"m\"", 0xc0, 0x80),
                with("\"m\"", 0xed, 0xa0, 0x80),
                with("\"m\"", 0xf4, 0x90, 0x80, 0x80),
                with("\"m\"", 0xe6, 0xb8),
                with("\"m\",\"unknown\":\"x\"", 0xff),
                with("\"m\",\"unknown\":\"x\"", 0xc0, 0x80),
                with("\"m\",\"unknown\":\"x\"", 0xed, 0xa0, 0x80));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void bytesThatAreNotUtf8AreRefused(byte[] json) {
        refusedBothWays(json);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] json = VALID.getBytes(UTF_8);
        for (int length = 0; length < json.length; length++) {
            refusedBothWays(Arrays.copyOf(json, length));
        }
        assertThat(StateJson.read(json, ErrorReport.JSON).nodeId()).isEqualTo("hog");
    }

    @Test
    void depthThatIsPassedOverMayBeSome() {
        String json = VALID.replace("}", ",\"unknown\":" + "[".repeat(400) + "]".repeat(400) + "}");
        assertThat(StateJson.read(json.getBytes(UTF_8), ErrorReport.JSON).message())
                .isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hog\n",
                "\nhog",
                "hog ook",
                "hog:x",
                "*",
                "h?g",
                "{hog}",
                "[hog]",
                ".hog",
                "-hog",
                "h\u0000g",
                "höG",
                "hog\u2028",
                "hog\u0085",
                "\ud800",
                "../../etc"
            })
    void idIsRefusedEverywhere(String id) {
        refusedId(id);
    }

    @Test
    void longIdIsRefusedEverywhere() {
        refusedId("h".repeat(10_240));
        refusedId("\u001b".repeat(10_240));
    }

    private static void refusedId(String id) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Keys.robotState(id),
                () -> Keys.nodeHealth(id),
                () -> Keys.strokeProgress(id),
                () -> Keys.strokeHistory(id),
                () -> Channels.nodeEvents(id),
                () -> Channels.errorEvents(id),
                () -> RobotState.builder().nodeId(id).build(),
                () -> progress().sessionId(id).build())) {
            refused(call);
        }
    }

    @Test
    void numberIsRefusedByBuilders() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1}) {
            refused(() -> robot().goalTimeSlow(value).build());
            refused(() -> NodeHealth.builder().nodeId("hog").cpuPercent(value).build());
            refused(() ->
                    NodeHealth.builder().nodeId("hog").pingLatencyMs(value).build());
        }
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            refused(() -> robot().jointsL(List.of(0.0, value)).build());
        }
        refused(() -> progress().rev(Long.MAX_VALUE).build());
        refused(() -> progress().strokeIdx(-1).build());
        refused(() -> NodeHealth.builder().nodeId("hog").mcpPort(65536).build());
    }

    @Test
    void textIsRefusedByBuilders() {
        refused(() -> robot().currentPose("\ud83d").build());
        refused(() -> robot().currentPose("a\udd8bb").build());
        refused(() -> robot().currentPose("p".repeat(257)).build());
        refused(() -> progress().descriptionL("\udd8b\ud83d").build());
        assertThat(robot().currentPose("\ud83d\udd8b".repeat(256)).build().currentPose())
                .hasSize(512);
        refused(() -> robot().currentPose("\ud83d\udd8b".repeat(257)).build());
    }

    @Test
    void timeIsRefusedByBuilders() {
        for (Instant time : List.of(
                Instant.MIN,
                Instant.MAX,
                Instant.parse("-0001-12-31T23:59:59.999999999Z"),
                Instant.parse("+10000-01-01T00:00:00Z"))) {
            refused(() -> robot().timestamp(time).build());
            refused(() -> NodeHealth.builder().nodeId("hog").lastHeartbeat(time).build());
            refused(() -> WireTime.format(time));
        }
        Instant last = Instant.parse("9999-12-31T23:59:59.999999999Z");
        assertThat(WireTime.format(robot().timestamp(last).build().timestamp()))
                .isEqualTo("9999-12-31T23:59:59.999999Z");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without null checks may do
    void nullIsRefusedByBuilders() {
        refused(() -> robot().currentPose(null).build());
        refused(() -> RobotState.builder().build());
        refused(() -> robot().jointsL(Arrays.asList(0.5, null)).build());
    }

    private static RobotState.Builder robot() {
        return RobotState.builder().nodeId("hog");
    }

    private static ProgressUpdate.Builder progress() {
        return ProgressUpdate.builder()
                .nodeId("hog")
                .sessionId("s")
                .strokeIdx(5)
                .poseIdx(25);
    }

    /** The valid text with these bytes at the end of this string, which stands in place of the message. */
    private static byte[] with(String string, int... bytes) {
        int end = VALID.indexOf("\"m\"") + string.length() - 1;
        byte[] json = VALID.replace("\"m\"", string).getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(json, 0, end);
        for (int b : bytes) {
            out.write(b);
        }
        out.write(json, end, json.length - end);
        return out.toByteArray();
    }

    private static void refusedBothWays(byte[] json) {
        refused(() -> StateJson.read(json, ErrorReport.JSON));
        refused(() -> Channels.ERROR_EVENTS.read(json));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(HostileInputTest::isShortAndSafe);
    }

    /** Also what the causes say, for a log prints them. */
    static void isShortAndSafe(Throwable thrown) {
        assertThat(thrown).isInstanceOf(InvalidValueException.class);
        for (Throwable problem = thrown; problem != null; problem = problem.getCause()) {
            String message = String.valueOf(problem.getMessage());
            if (message.length() >= 400 || UNSAFE.matcher(message).find()) {
                fail("long or unsafe: " + message);
            }
        }
    }

    @Test
    void messagesSayWhatIsWrong() {
        assertThat(message("[]")).isEqualTo("expected a JSON object, found an array");
        assertThat(message("")).isEqualTo("expected a JSON object, found nothing");
        assertThat(message(VALID + "x")).startsWith("not JSON at byte 100: \"Unrecognized token 'x'");
        assertThat(message(VALID + VALID)).isEqualTo("expected one JSON object, found more behind it");
        assertThat(message(VALID.replace("hog", "h\\ng")))
                .isEqualTo("node_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was \"h\\ng\"");
        assertThat(message(VALID.replace("error", "online"))).isEqualTo("type must be \"error\", was \"online\"");
        assertThat(message(VALID.replace("37Z", "3Z")))
                .isEqualTo(
                        "timestamp: expected a time such as 2025-08-18T20:09:37.123456Z, found \"2025-08-18T20:09:3Z\"");
        assertThat(message(VALID.replace("}", ",\"unknown\":" + "[".repeat(10_000))))
                .contains("nesting depth");
    }

    private static String message(String json) {
        Throwable thrown = catchThrowable(() -> StateJson.read(json.getBytes(UTF_8), ErrorReport.JSON));
        return String.valueOf(thrown.getMessage());
    }
}
