package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Times, templates, and text that is shown. */
class ValuesTest {
    static Stream<String> times() {
        return Stream.of("valid", "invalid")
                .flatMap(verdict -> SchemaFiles.in("examples/types/time/" + verdict).stream()
                        .map(name -> "examples/types/time/" + verdict + "/" + name + ".json"));
    }

    @ParameterizedTest
    @MethodSource("times")
    void timesOfTheSchema(String example) {
        JsonNode text = SchemaFiles.read(example);
        if (example.contains("/valid/")) {
            Instant time = WireTime.parse(text.asString());
            assertThat(WireTime.parse(WireTime.format(time))).isEqualTo(time);
        } else if (text.isString()) {
            assertThatThrownBy(() -> WireTime.parse(text.asString())).isInstanceOf(InvalidValueException.class);
        }
    }

    @Test
    void timeIsCutToMicroseconds() {
        assertThat(WireTime.parse("2025-08-18T20:09:37.123456999Z"))
                .isEqualTo(Instant.parse("2025-08-18T20:09:37.123456Z"));
        assertThat(WireTime.format(Instant.parse("2025-08-18T20:09:37.1Z"))).isEqualTo("2025-08-18T20:09:37.100000Z");
        assertThat(WireTime.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000Z");
        assertThat(WireTime.now()).matches(now -> now.equals(now.truncatedTo(ChronoUnit.MICROS)));
        assertThat(RobotState.builder()
                        .nodeId("hog")
                        .timestamp(Instant.parse("2025-08-18T20:09:37.123456999Z"))
                        .build()
                        .timestamp())
                .isEqualTo(Instant.parse("2025-08-18T20:09:37.123456Z"));
    }

    @Test
    void shownTextIsShortAndSafe() {
        assertThat(Shown.text("hog")).isEqualTo("\"hog\"");
        assertThat(Shown.text("a\n\r\t\"\\\u001b\u202e\ud800\u2028b"))
                .isEqualTo("\"a\\n\\r\\t\\\"\\\\\\u001b\\u202e\\ud800\\u2028b\"");
        assertThat(Shown.text("温度 🖋")).isEqualTo("\"温度 🖋\"");
        assertThat(Shown.text("\udb40\udc01")).isEqualTo("\"\\udb40\\udc01\"");
        assertThat(Shown.text("a".repeat(80))).isEqualTo("\"" + "a".repeat(80) + "\"");
        assertThat(Shown.text("a".repeat(10_000))).isEqualTo("\"" + "a".repeat(80) + "\" (10000 characters)");
        // A pair is not cut in half.
        assertThat(Shown.text("a".repeat(79) + "🖋🖋")).isEqualTo("\"" + "a".repeat(79) + "🖋\" (83 characters)");
        assertThat(Shown.text("\u001b".repeat(10_000))).hasSizeLessThan(120);
    }

    @Test
    void templateNeedsPatternForEachPlaceholder() {
        Template.Parameter a = new Template.Parameter("a", Pattern.compile("[a-z{}]+"));
        Template.Parameter b = new Template.Parameter("b", Pattern.compile("[a-z{}]+"));
        Template template = new Template("x:{a}:y:{b}:z", a, b);
        assertThat(template.fill(List.of("{b}", "c"))).isEqualTo("x:{b}:y:c:z");
        assertThat(template.parse("x:{b}:y:c:z")).contains(List.of("{b}", "c"));
        assertThat(template.glob()).isEqualTo("x:*:y:*:z");
        assertThatThrownBy(() -> new Template("x:{a}:{b}", a)).hasMessage("x:{a}:{b} has no pattern for {b}");
        assertThatThrownBy(() -> new Template("x:{a}:{b}", b, a)).hasMessage("x:{a}:{b} lacks {b} at its place");
        Template.Parameter group = new Template.Parameter("a", Pattern.compile("(a)+"));
        assertThatThrownBy(() -> new Template("x:{a}", group)).hasMessage("x:{a}: the pattern of a has a group");
        assertThatThrownBy(() -> new Template("x:{a}", a, b)).hasMessage("x:{a} lacks {b} at its place");
    }
}
