package ai.tatbot.state.server.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void controlAndFormatCharactersAreEscaped() {
        assertThat(Text.safe("a\u001b[31mb\nc\td\u202ee\u0085f\u007f"))
                .isEqualTo("a\\u001b[31mb\\nc\\td\\u202ee\\u0085f\\u007f");
        assertThat(Text.safe("\ud800x")).isEqualTo("\\ud800x");
        assertThat(Text.safe("\u00e4 \u6f22 \ud83d\udd8b")).isEqualTo("\u00e4 \u6f22 \ud83d\udd8b");
    }

    @Test
    void longTextIsCut() {
        assertThat(Text.safe("abcdefghij", 10)).isEqualTo("abcdefghij");
        assertThat(Text.safe("abcdefghijk", 10)).isEqualTo("abcdefg...");
    }

    @Test
    void spansHaveTheirTwoLargestUnits() {
        assertThat(Text.span(Duration.ofMillis(840))).isEqualTo("840 ms");
        assertThat(Text.span(Duration.ofMillis(3_240))).isEqualTo("3.2 s");
        assertThat(Text.span(Duration.ofSeconds(245))).isEqualTo("4 min 5 s");
        assertThat(Text.span(Duration.ofMinutes(123))).isEqualTo("2 h 3 min");
        assertThat(Text.span(Duration.ofHours(167))).isEqualTo("6 d 23 h");
    }

    @Test
    void microsecondsAndCounts() {
        assertThat(Text.micros(184)).isEqualTo("184 us");
        assertThat(Text.micros(2_340)).isEqualTo("2.3 ms");
        assertThat(Text.micros(234_000)).isEqualTo("234 ms");
        assertThat(Text.count(1, "node")).isEqualTo("1 node");
        assertThat(Text.count(0, "node")).isEqualTo("0 nodes");
    }

    @Test
    void stylesTakeNoRoom() {
        assertThat(Text.padded("\u001b[1;32mab\u001b[0m", 4)).isEqualTo("\u001b[1;32mab\u001b[0m  ");
    }
}
