package ai.tatbot.state.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What people have written: its blocks say what they are, and its links lead somewhere. */
class PagesTest {
    /** Which there are, and so what is done with each: run, compiled, parsed, or, for {@code text}, nothing. */
    private static final Set<String> LANGUAGES = Set.of("sh", "java", "python", "ts", "json", "ini", "text");

    private static final Pattern INI =
            Pattern.compile("(#.*|\\[[A-Za-z0-9_.-]+]|[A-Za-z_][A-Za-z0-9_.-]*\\s?[= ].*|\\s*)");

    @Test
    void everyBlockSaysWhatItIs() {
        assertThat(Snippet.all())
                .hasSizeGreaterThan(80)
                .allSatisfy(
                        snippet -> assertThat(LANGUAGES).as(snippet.toString()).contains(snippet.language()));
    }

    @Test
    void whatIsJsonIsJson() {
        for (Snippet snippet : Snippet.all("json")) {
            try {
                JsonMapper.builder().build().readTree(snippet.text());
            } catch (JacksonException e) {
                throw new AssertionError(snippet + " is not JSON: " + e.getOriginalMessage(), e);
            }
        }
    }

    @Test
    void whatIsConfigurationIsConfiguration() {
        for (Snippet snippet : Snippet.all("ini")) {
            assertThat(snippet.text().lines())
                    .as(snippet.toString())
                    .allMatch(line -> INI.matcher(line).matches());
        }
    }

    /** A block that is run elsewhere is run there in truth: the words of each command stand in that file, in this order, on one line. */
    @Test
    void whatIsRunElsewhereIsRunThere() throws IOException {
        for (Snippet snippet : Snippet.all()) {
            if (snippet.runBy().isPresent()) {
                String file = Files.readString(
                                Snippet.ROOT.resolve(snippet.runBy().get()))
                        .replaceAll("\\\\\\n\\s*", " ");
                for (String command : Shell.commands(snippet.text())) {
                    assertThat(file.lines())
                            .as(
                                    "%s says that %s runs: %s",
                                    snippet, snippet.runBy().get(), command)
                            .anyMatch(line -> Shell.hasWordsOf(line, command));
                }
            }
        }
    }

    @Test
    void everyPageIsInTheContents() throws IOException {
        Set<Path> linked = new TreeSet<>();
        for (MarkdownPage.Section section : page(Path.of("docs", "README.md")).sections()) {
            section.links().forEach(target -> linked.add(Path.of(target.source())));
        }
        assertThat(linked)
                .containsAll(Snippet.pages().stream()
                        .filter(page -> !page.equals(Path.of("docs", "README.md")))
                        .toList());
    }

    private static MarkdownPage page(Path file) throws IOException {
        return new MarkdownPage(file.toString(), Files.readString(Snippet.ROOT.resolve(file)));
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : Snippet.pages()) {
            for (String link : page(file).links()) {
                String target = SiteMap.resolve(file.toString(), link);
                // Made by the program; the test of the whole documentation looks whether they are there.
                if (!target.startsWith("docs/reference/") && !Files.exists(Snippet.ROOT.resolve(target))) {
                    broken.add(file + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }
}
