package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.show.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Commands that stand in a sentence, which nothing runs, at least are commands. */
class InlineCommandsTest {
    private static final Pattern COMMAND =
            Pattern.compile("`(?:(?:ops/)?tatbot-state|serve|doctor|node) ([^`\\n|<>]*)`");

    private static List<String> problems(String page, String text) {
        List<String> problems = new ArrayList<>();
        for (MatchResult command : COMMAND.matcher(text).results().toList()) {
            String words = command.group().contains("tatbot-state ")
                    ? command.group(1)
                    : command.group().replace("`", "");
            try {
                CommandLineProgram.of(
                                new Context(Map.of(), Terminal.ofProcess(Map.of()), InputStream.nullInputStream()))
                        .parseArgs(words.split("\\s+", -1));
            } catch (UnmatchedArgumentException e) {
                problems.add(page + ": " + command.group() + ": " + e.getMessage());
            } catch (ParameterException e) {
                // Not all that it needs is said, or a word stands for a number.
                assertThat(e).isNotInstanceOf(UnmatchedArgumentException.class);
            }
        }
        return problems;
    }

    @Test
    void theyHaveTheOptionsThatThereAre() throws IOException {
        List<String> problems = new ArrayList<>(problems("README.md", Files.readString(Path.of("..", "README.md"))));
        try (Stream<Path> pages = Files.walk(Path.of("..", "docs"))) {
            for (Path page :
                    pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                problems.addAll(problems(page.toString(), Files.readString(page)));
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void onesThatThereAreNotAreFound() {
        assertThat(problems("x.md", "`tatbot-state serve --ports 1` and `doctor --deeper`, `ops/tatbot-state status`"))
                .hasSize(2);
    }
}
