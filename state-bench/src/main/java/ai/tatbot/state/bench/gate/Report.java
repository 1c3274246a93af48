package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Verdict.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one run of the gate found.
 *
 * @param neighbours cores that others kept busy meanwhile; empty if not known
 */
record Report(Instant time, Form form, Machine machine, OptionalDouble neighbours, List<Figure> figures) {
    /** Whether no target was missed. Those that could not be judged were not missed. */
    boolean passed() {
        return count(Outcome.MISSED) == 0;
    }

    private long count(Outcome outcome) {
        return figures.stream()
                .filter(figure -> figure.verdict().outcome() == outcome)
                .count();
    }

    /** What everything was measured on, the table, and the verdict. */
    String text() {
        return "Gate, " + form.name() + " form, " + time.truncatedTo(ChronoUnit.SECONDS) + ": " + form.rounds()
                + " rounds; value, yardstick and ratio are medians over the rounds\n" + machine.text() + "\n"
                + meanwhile() + "\n\n"
                + table() + "\n" + summary() + "\n";
    }

    private String meanwhile() {
        return "Others:  "
                + (neighbours.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "kept %.2f of %d cores busy meanwhile",
                                neighbours.getAsDouble(),
                                machine.cores())
                        : "not known")
                + "; the host took it away in "
                + figures.stream().mapToInt(Figure::disturbed).max().orElse(0)
                + " of the rounds of a figure at most";
    }

    private String table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("figure", "value", "yardstick", "", "ratio", "limit", "verdict"));
        for (Figure figure : figures) {
            Target target = figure.target();
            rows.add(List.of(
                    figure.name(),
                    figure.unit().format(figure.value()),
                    figure.yardstickName(),
                    figure.unit().format(figure.yardstick()),
                    String.format(Locale.ROOT, "%.2f", figure.ratio()),
                    target == null ? "" : figure.unit().formatLimit(target.limit()),
                    figure.verdict().text()));
        }
        return align(rows);
    }

    /** Columns as wide as their widest cell; numbers to the right. */
    private static String align(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean right = i == 1 || i == 3 || i == 4;
                line.append(String.format(
                        Locale.ROOT, "%" + (right ? "" : "-") + Math.max(1, widths[i]) + "s  ", row.get(i)));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    private String summary() {
        StringBuilder out = new StringBuilder(
                passed() ? (count(Outcome.MET) == 0 ? "Nothing could be judged" : "Passed") : "FAILED");
        out.append(": ")
                .append(count(Outcome.MET))
                .append(" met, ")
                .append(count(Outcome.MISSED))
                .append(" missed, ")
                .append(count(Outcome.NOT_JUDGED))
                .append(" not judged.");
        for (String miss : misses()) {
            out.append('\n').append(miss);
        }
        return out.toString();
    }

    /** What was missed, and by how much; one sentence each. */
    List<String> misses() {
        return figures.stream()
                .filter(figure -> figure.verdict().outcome() == Outcome.MISSED)
                .map(figure -> figure.name() + " = " + figure.unit().format(figure.value()) + ": "
                        + figure.verdict().text())
                .toList();
    }

    /** The same for programs, and what each round measured. */
    String json() {
        List<Object> rows = new ArrayList<>();
        for (Figure figure : figures) {
            Target target = figure.target();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("figure", figure.name());
            row.put("unit", figure.unit().symbol());
            row.put("value", figure.value());
            row.put("yardstick_name", figure.yardstickName());
            row.put("yardstick", figure.yardstick());
            row.put("ratio", figure.ratio());
            if (target != null) {
                row.put("limit", target.limit());
                row.put("yardstick_limit", target.yardstickLimit());
            }
            row.put("verdict", figure.verdict().outcome().name().toLowerCase(Locale.ROOT));
            row.put("verdict_text", figure.verdict().text());
            row.put("values", figure.values());
            row.put("yardsticks", figure.yardsticks());
            row.put("disturbed_rounds", figure.disturbed());
            rows.add(row);
        }
        Map<String, Object> machineFields = new LinkedHashMap<>();
        machineFields.put("cores", machine.cores());
        machineFields.put("processor", machine.processor());
        machineFields.put("system", machine.system());
        machineFields.put("java", machine.java());
        machineFields.put("redis", machine.redis());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("form", form.name());
        all.put("rounds", form.rounds());
        all.put("machine", machineFields);
        if (neighbours.isPresent()) {
            all.put("neighbours_cores", neighbours.getAsDouble());
        }
        all.put("passed", passed());
        all.put("figures", rows);
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(all) + "\n";
    }
}
