package ai.tatbot.state.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What people have written: its blocks say what they are, and its links lead somewhere. */
class PagesTest {
    /** Which there are, and so what is done with each: run, compiled, parsed, or, for {@code text}, nothing. */
    private static final Set<String> LANGUAGES = Set.of("sh", "java", "python", "ts", "json", "ini", "text");

    private static final Pattern SCRIPT =
            Pattern.compile("(?m)(?:^\\s*| /src/)((?:ops|schema)/[a-z-]+(?:/[a-z-]+)*(?:[.]sh)?)(?=\\s|$)");

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

    /** Variables are those of the template for a node's environment, which another test compares with what the program reads. */
    @Test
    void everyVariableIsOne() throws IOException {
        String known = Files.readString(Snippet.ROOT.resolve("ops/state.example.env"));
        for (Snippet snippet : Snippet.all("ini")) {
            snippet.text()
                    .lines()
                    .filter(line -> line.matches("(REDIS|STATE)_[A-Z_]+=.*"))
                    .map(line -> line.substring(0, line.indexOf('=') + 1))
                    .forEach(name -> assertThat(known).as(snippet.toString()).contains("# " + name));
        }
    }

    /** What runs a block elsewhere is itself run, by ops/test or .ci/run, or by something that they run. */
    @Test
    void whatRunsBlocksElsewhereIsRun() throws IOException {
        Set<String> run = new TreeSet<>(List.of("ops/test", ".ci/run"));
        List<String> open = new ArrayList<>(run);
        while (!open.isEmpty()) {
            Path file = Snippet.ROOT.resolve(open.remove(open.size() - 1));
            for (MatchResult script : SCRIPT.matcher(code(file)).results().toList()) {
                if (Files.isRegularFile(Snippet.ROOT.resolve(script.group(1))) && run.add(script.group(1))) {
                    open.add(script.group(1));
                }
            }
        }
        for (Snippet snippet : Snippet.all()) {
            snippet.runBy()
                    .ifPresent(script -> assertThat(run).as(snippet.toString()).contains(script));
        }
    }

    /** A script without its comments. */
    private static String code(Path script) throws IOException {
        return Files.readString(script).replaceAll("(?m)^\\s*#.*$", "").replaceAll("\\\\\\n\\s*", " ");
    }

    /** A block that is run elsewhere is run there in truth: the words of each command stand in that file, in this order, on one line. */
    @Test
    void whatIsRunElsewhereIsRunThere() throws IOException {
        for (Snippet snippet : Snippet.all()) {
            if (snippet.runBy().isPresent()) {
                String file = code(Snippet.ROOT.resolve(snippet.runBy().get()));
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
