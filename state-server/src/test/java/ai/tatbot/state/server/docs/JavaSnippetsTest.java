package ai.tatbot.state.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every piece of Java in the documentation compiles against this build. */
class JavaSnippetsTest {
    @TempDir
    private Path folder;

    @Test
    void allCompile() throws IOException {
        List<Snippet> snippets = Snippet.all("java");
        assertThat(snippets).hasSizeGreaterThan(10);
        assertThat(new JavaSnippets(folder).compile(snippets)).isEmpty();
    }

    @Test
    void oneThatIsWrongDoesNot() throws IOException {
        Snippet wrong = new Snippet(
                Path.of("x.md"), 7, "java", "state.startStrokeSession(\"tatbotlogo\");\n", java.util.Optional.empty());
        assertThat(new JavaSnippets(folder).compile(List.of(wrong)))
                .hasSize(1)
                .allMatch(said -> said.contains("x.md:7"));
    }
}
