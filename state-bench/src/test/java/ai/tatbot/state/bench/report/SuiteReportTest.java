package ai.tatbot.state.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.bench.gate.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReportTest {
    private final Results results = new Results();
    private final SuiteReport report = new SuiteReport(
            Instant.EPOCH,
            "full",
            new Machine(2, "processor", "system", "java", "redis"),
            OptionalDouble.of(0.1),
            results);

    @Test
    void aMissCountsAStretchDoesNotAndWhatWasNotMeasuredNeither() {
        results.add(Goal.of("a", "<= 1", "2", "", "", false, "ops/bench --only a"));
        results.add(
                Goal.of("b", "<= 1", "2", "", "", false, "ops/bench --only b").asStretch());
        results.add(Goal.of("c", "<= 1", "1", "", "", true, "ops/bench --only c"));
        results.add(Goal.notMeasured("d", "<= 1", "no server", "ops/bench --only d"));
        assertThat(report.missed()).extracting(Goal::figure).containsExactly("a");
        assertThat(report.markdown())
                .contains("| a | <= 1 | 2 |  |  | **missed** | `ops/bench --only a` |")
                .contains("missed (stretch)", "not measured");
    }

    @Test
    void everythingIsWrittenAndSmall(@TempDir Path folder) throws Exception {
        results.add(new Curve(
                "nodes",
                "Status",
                "nodes",
                "us",
                List.of(1.0, 10.0, 100.0),
                Map.of("ours", List.of(1.0, 2.0, Double.NaN)),
                "ops/bench"));
        results.add("status", Map.of("ours", List.of(1.23456, Double.NaN)));
        report.write(folder);
        assertThat(Files.readString(folder.resolve("nodes.svg")))
                .contains("<svg")
                .hasSizeLessThan(100_000);
        assertThat(Files.readString(folder.resolve("report.md"))).contains("![Status](nodes.svg)", "| 100 | - |");
        assertThat(Files.readString(folder.resolve("report.json"))).contains("1.235", "\"NaN\"");
    }
}
