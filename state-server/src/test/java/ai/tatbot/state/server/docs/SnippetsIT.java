package ai.tatbot.state.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every command and every program of the documentation runs as it stands there, on a fleet in which something goes on. */
class SnippetsIT {
    private static final Path CLASSES = Path.of("target", "snippet-classes");

    @TempDir
    private static Path folder;

    private static ReadersMachine machine;

    @BeforeAll
    static void start() throws IOException {
        machine = new ReadersMachine(folder);
    }

    @AfterAll
    static void stop() {
        machine.close();
    }

    /** Blocks of a page in their order: what one has made, the next one may use. */
    @TestFactory
    Stream<DynamicContainer> commands() {
        return Snippet.pages().stream()
                // It has a test of its own, with tokens.
                .filter(page -> !page.endsWith("http-api.md"))
                .map(page -> DynamicContainer.dynamicContainer(
                        page.toString(),
                        Snippet.in(page).stream()
                                .filter(snippet -> snippet.language().equals("sh"))
                                .filter(snippet -> snippet.runBy().isEmpty())
                                .map(snippet -> DynamicTest.dynamicTest(
                                        snippet + " " + Shell.commands(snippet.text()),
                                        () -> machine.runShell(snippet)))));
    }

    /** What sets up a machine is run by drills, on machines of their own; here it says what it would do. */
    @TestFactory
    Stream<DynamicTest> setUps() {
        return Snippet.all("sh").stream()
                .filter(snippet -> snippet.runBy().isPresent())
                .flatMap(snippet -> Shell.commands(snippet.text()).stream()
                        // The others want machines that there are not here.
                        .filter(command -> command.startsWith("ops/setup-eek --nodes"))
                        .map(command -> new Snippet(
                                snippet.file(),
                                snippet.line(),
                                "sh",
                                command + " --dry-run --server-port 18765 --tls-port 16379",
                                snippet.runBy())))
                .map(snippet -> DynamicTest.dynamicTest(snippet.toString(), () -> machine.runShell(snippet)));
    }

    @TestFactory
    Stream<DynamicTest> pythonPrograms() {
        return Snippet.all("python").stream()
                .map(snippet -> DynamicTest.dynamicTest(snippet.toString(), () -> machine.runPython(snippet)));
    }

    /** Types of all of them in one run, which takes some seconds. */
    @Test
    void pythonIsTyped() throws IOException {
        machine.checkPython(Snippet.all("python"));
    }

    @TestFactory
    Stream<DynamicTest> javaPrograms() throws IOException {
        List<Snippet> programs = Snippet.all("java").stream()
                .filter(snippet -> !JavaSnippets.program(snippet).isEmpty())
                .filter(snippet -> snippet.text().contains("void main("))
                .toList();
        assertThat(new JavaSnippets(CLASSES).compile(programs)).isEmpty();
        return programs.stream()
                .map(snippet -> DynamicTest.dynamicTest(snippet.toString(), () -> machine.runJava(snippet, CLASSES)));
    }

    @Test
    void whatIsBrokenFails() {
        for (Map.Entry<String, String> each : Map.of(
                        "sh", "ops/tatbot-state get robot:state:nobody",
                        "python", "import tatbot_state\ntatbot_state.nothing()")
                .entrySet()) {
            Snippet snippet =
                    new Snippet(Path.of("x.md"), 1, each.getKey(), each.getValue(), java.util.Optional.empty());
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> {
                        if (each.getKey().equals("sh")) {
                            machine.runShell(snippet);
                        } else {
                            machine.runPython(snippet);
                        }
                    })
                    .as(each.getKey())
                    .isInstanceOf(AssertionError.class);
        }
        assertThat(Files.exists(folder)).isTrue();
    }
}
