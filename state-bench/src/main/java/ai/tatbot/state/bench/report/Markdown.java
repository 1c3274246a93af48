package ai.tatbot.state.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** Tables as Markdown has them. */
final class Markdown {
    private Markdown() {}

    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder(row(head));
        out.append(row(head.stream().map(cell -> "---").toList()));
        rows.forEach(cells -> out.append(row(cells)));
        return out.toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
