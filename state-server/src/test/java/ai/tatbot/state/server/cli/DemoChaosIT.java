package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo while the plug of its Redis is pulled. */
@Tag("alone")
class DemoChaosIT {
    @TempDir
    Path folder;

    private Program start(String... arguments) {
        return Program.start(Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder), arguments);
    }

    private List<Path> leftovers() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("tatbot-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNothingLeft() {
        Awaitility.await().untilAsserted(() -> {
            assertThat(leftovers()).isEmpty();
            assertThat(Program.commandLines("tatbot-redis-keeper")).noneMatch(line -> line.contains(folder.toString()));
            assertThat(Program.commandLines("redis-server")).noneMatch(line -> line.contains(folder.toString()));
        });
    }

    @Test
    void noTransitionIsLost() {
        try (Program demo = start("demo", "--chaos", "--once", "--strokes", "4", "--json")) {
            assertThat(demo.await(90)).as(() -> demo.out() + "\n" + demo.err()).isZero();
            assertThat(demo.out()).hasSize(1);
            JsonNode report = new JsonMapper().readTree(demo.out().get(0));
            assertThat(report.get("updates").asLong()).isEqualTo(4 * 108);
            assertThat(report.get("outages").asLong()).isPositive();
            assertThat(report.get("longest_stale_ms").asLong()).isPositive();
            assertThat(report.get("conflated").asLong()).isPositive();
            assertThat(report.get("lost_transitions").asLong()).isZero();
            assertThat(report.get("lost").asLong()).isZero();
            assertThat(report.get("out_of_order").asLong()).isZero();
            assertThat(String.join("\n", demo.err())).containsPattern("\"notice\":\"chaos, seed \\d+\"");
            assertNothingLeft();
        }
    }

    @Test
    void toldToEndInAnOutageItSaysItsLastWords() {
        try (Program demo = start("demo", "--chaos", "--seed", "7")) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> demo.out().stream().anyMatch(line -> line.startsWith("plug pulled: ")));
            demo.signal("INT");
            assertThat(demo.await(8)).isEqualTo(130);
            assertThat(demo.out()).contains("chaos, seed 7", "session interrupted");
            assertThat(demo.out().get(demo.out().size() - 1)).contains(": 0 lost, 0 out of order");
            assertNothingLeft();
        }
    }

    @Test
    void killedInAnOutageItLeavesNothing() {
        try (Program demo = start("demo", "--chaos", "--seed", "7")) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> demo.out().stream().anyMatch(line -> line.startsWith("plug pulled: ")));
            demo.signal("KILL");
            assertThat(demo.await(5)).isEqualTo(137);
            assertNothingLeft();
        }
    }
}
