package ai.tatbot.state.server.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    private static final long SEED = 20261126;

    @TempDir
    Path folder;

    /** Values of every printable character, each of them alone, doubled, and among others at random places. */
    private static List<String> values() {
        List<String> values =
                new ArrayList<>(List.of("", " ", "'", "\"", "\\", "\\\\", "$HOME", "`id`", "$(id)", "#", " # "));
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            all.append(c);
            values.add("" + c);
            values.add("a" + c + c + "b");
            values.add(c + "x");
            values.add("x" + c);
        }
        values.add(all.toString());
        values.add(all.reverse().toString());
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            values.add(random.ints(1 + random.nextInt(60), ' ', '~' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        return values;
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        int number = 0;
        for (String value : values()) {
            variables.put("V_" + number++, value);
        }
        return variables;
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        assertThat(EnvFile.parse(EnvFile.format(variables()))).isEqualTo(variables());
    }

    /** As a node's start script does. */
    @Test
    void aShellReadsTheSame() throws IOException, InterruptedException {
        Path file = folder.resolve("node.env");
        Files.writeString(file, EnvFile.format(variables()));
        Process shell = new ProcessBuilder("sh", "-c", "set -a; . \"$0\"; env -0", file.toString()).start();
        Map<String, String> seen = new LinkedHashMap<>();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        for (String variable : output.split("\0", -1)) {
            if (variable.startsWith("V_")) {
                seen.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
            }
        }
        assertThat(seen).containsExactlyInAnyOrderEntriesOf(variables());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "A=b|b",
                "export A=b|b",
                "  A=b  |b",
                "A=b # a comment|b",
                "A=b#c|b#c",
                "A='b # c' # d|b # c",
                "A=\"b \\\"c\\\" \\\\ \\$ \\n\"|b \"c\" \\ $ \\n",
                "A=|^^",
                "A=''|^^",
                "A=b c|b c",
            })
    void asPeopleWriteIt(String line, String value) {
        assertThat(EnvFile.parse("# heading\n\n" + line + "\r\n")).isEqualTo(Map.of("A", value == null ? "" : value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "=secret",
                "A B=secret",
                "A='secret",
                "A=\"secret",
                "A='secret' secret",
                "A=\"secret\" x"
            })
    void whatIsNoVariableIsRefusedWithoutShowingIt(String line) {
        assertThatThrownBy(() -> EnvFile.parse("B=c\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nB=c", "a\r", "a\0b", "\u007f"})
    void aValueThatWouldBreakTheLineIsNotWritten(String value) {
        assertThatThrownBy(() -> EnvFile.format(Map.of("A", value))).isInstanceOf(IllegalArgumentException.class);
    }
}
