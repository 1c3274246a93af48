package ai.tatbot.state.bench.report;

import java.util.List;

/**
 * Figures that are shown.
 *
 * @param command measures them again
 * @param note what one must know to read it; may be empty
 */
public record Table(String title, String command, List<String> head, List<List<String>> rows, String note) {
    /** Copies. */
    public Table {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
    }

    String markdown() {
        StringBuilder out =
                new StringBuilder("### " + title + "\n\n`" + command + "`\n\n" + Markdown.table(head, rows));
        if (!note.isEmpty()) {
            out.append('\n').append(note).append('\n');
        }
        return out.toString();
    }
}
