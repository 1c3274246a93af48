package ai.tatbot.state.bench.report;

import ai.tatbot.state.bench.gate.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The report of one run.
 *
 * @param neighbours cores that others kept busy meanwhile; empty if not known
 */
public record SuiteReport(Instant time, String form, Machine machine, OptionalDouble neighbours, Results results) {
    private static final List<String> HEAD =
            List.of("figure", "goal", "measured", "yardstick", "ratio", "verdict", "measured by");

    /** Goals that were missed and are not a stretch. */
    public List<Goal> missed() {
        return results.goals().stream().filter(Goal::isMissed).toList();
    }

    /** Whether something could not be measured because it went wrong. */
    public boolean hasFailures() {
        return results.hasFailed();
    }

    /** Writes {@code report.md}, {@code report.json} and the plots into a folder. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Curve curve : results.curves()) {
            Plot.write(curve, folder.resolve(curve.id() + ".svg"));
        }
        Files.writeString(folder.resolve("report.md"), markdown());
        Files.writeString(folder.resolve("report.json"), json());
    }

    /** For people. */
    public String markdown() {
        StringBuilder out = new StringBuilder("# Measured\n\nWritten by `ops/bench`, " + form + " form, "
                + time.truncatedTo(ChronoUnit.SECONDS) + ". How to read it: [README](README.md).\n\n```text\n"
                + machine.text() + "\n" + others() + "\n```\n");
        if (!results.goals().isEmpty()) {
            out.append("\n## Goals\n\n").append(goals());
        }
        if (!results.missing().isEmpty()) {
            out.append("\n## Not measured\n\n");
            results.missing()
                    .forEach((what, why) -> out.append("- ")
                            .append(what)
                            .append(": ")
                            .append(why)
                            .append('\n'));
        }
        if (!results.tables().isEmpty()) {
            out.append("\n## Figures\n");
            results.tables().forEach(table -> out.append('\n').append(table.markdown()));
        }
        if (!results.curves().isEmpty()) {
            out.append("\n## How cost grows\n");
            results.curves()
                    .forEach(curve -> out.append("\n### ")
                            .append(curve.title())
                            .append("\n\n`")
                            .append(curve.command())
                            .append("`\n\n![")
                            .append(curve.title())
                            .append("](")
                            .append(curve.id())
                            .append(".svg)\n\n")
                            .append(values(curve)));
        }
        return out.toString();
    }

    private String others() {
        return "Others:  "
                + (neighbours.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "kept %.2f of %d cores busy meanwhile",
                                neighbours.getAsDouble(),
                                machine.cores())
                        : "not known");
    }

    private String goals() {
        return Markdown.table(
                HEAD,
                results.goals().stream()
                        .map(goal -> List.of(
                                goal.figure(),
                                goal.promise(),
                                goal.measured(),
                                goal.yardstick(),
                                goal.ratio(),
                                goal.verdict(),
                                "`" + goal.command() + "`"))
                        .toList());
    }

    private static String values(Curve curve) {
        List<String> head = new ArrayList<>(List.of(curve.xTitle()));
        head.addAll(curve.lines().keySet());
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < curve.x().size(); i++) {
            List<String> row = new ArrayList<>(
                    List.of(String.format(Locale.ROOT, "%,.0f", curve.x().get(i))));
            for (List<Double> line : curve.lines().values()) {
                row.add(
                        line.get(i).isNaN()
                                ? "-"
                                : String.format(Locale.ROOT, line.get(i) < 100 ? "%,.1f" : "%,.0f", line.get(i)));
            }
            rows.add(row);
        }
        return Markdown.table(head, rows);
    }

    /** The same for programs, with every round. */
    public String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("form", form);
        all.put(
                "machine",
                Map.of(
                        "cores", machine.cores(),
                        "processor", machine.processor(),
                        "system", machine.system(),
                        "java", machine.java(),
                        "redis", machine.redis()));
        neighbours.ifPresent(cores -> all.put("neighbours_cores", round(cores)));
        all.put("goals", results.goals());
        all.put("not_measured", results.missing());
        Map<String, Object> rounds = new LinkedHashMap<>();
        results.rounds().forEach((figure, lines) -> rounds.put(figure, rounded(lines)));
        all.put("rounds", rounds);
        Map<String, Object> curves = new TreeMap<>();
        results.curves()
                .forEach(curve -> curves.put(
                        curve.id(), Map.of("x", curve.x(), "lines", rounded(curve.lines()), "y", curve.yTitle())));
        all.put("curves", curves);
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    private static Map<String, Object> rounded(Map<String, List<Double>> lines) {
        Map<String, Object> rounded = new LinkedHashMap<>();
        lines.forEach((name, values) -> rounded.put(
                name,
                values.stream()
                        .map(value -> value.isNaN() ? "NaN" : round(value))
                        .toList()));
        return rounded;
    }

    private static Object round(double value) {
        return Math.round(value * 1_000) / 1e3;
    }
}
