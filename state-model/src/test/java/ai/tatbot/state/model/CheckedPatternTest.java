package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever its form, a pattern lets in what it says. */
class CheckedPatternTest {
    private static final String CHARACTERS = "aZ09_.-:\n \u00e9";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
                "[A-Za-z0-9][A-Za-z0-9_.-]{0,3}",
                "[0-9]{1,20}-[0-9]{1,20}",
                "[A-Za-z][A-Za-z0-9_.-]{0,63}"
            })
    void matchesWhatThePatternMatches(String regex) {
        Pattern pattern = Pattern.compile(regex);
        CheckedPattern checked = new CheckedPattern(regex);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(10) == 0 ? 62 + random.nextInt(4) : random.nextInt(6);
            int from = random.nextInt(CHARACTERS.length() - 4);
            for (int j = 0; j < length; j++) {
                text.append(CHARACTERS.charAt(from + random.nextInt(random.nextInt(20) == 0 ? 5 : 1)));
            }
            String sample = text.toString();
            boolean expected = pattern.matcher(sample).matches();
            assertThat(checked.matches(sample)).as(sample).isEqualTo(expected);
            assertThat(!expected || checked.hasMatched(sample)).as(sample).isTrue();
        }
    }
}
