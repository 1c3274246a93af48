package ai.tatbot.state.server.docs;

import java.util.List;

/** Writes Markdown, line by line. For one thread. */
public final class Markdown {
    private final StringBuilder text = new StringBuilder();

    /** A heading of this level, with space around it. */
    public Markdown heading(int level, String title) {
        return blank().line("#".repeat(level) + " " + title).blank();
    }

    /** A paragraph. */
    public Markdown paragraph(String words) {
        return blank().line(words).blank();
    }

    /** An item of a list. */
    public Markdown item(String words) {
        return line("- " + words);
    }

    /** Text as it is, between fences. */
    public Markdown block(String language, String content) {
        String fence = content.contains("```") ? "````" : "```";
        return blank().line(fence + language)
                .line(content.stripTrailing())
                .line(fence)
                .blank();
    }

    /** Head of a table; each {@link #row} after it has as many cells. */
    public Markdown columns(String... names) {
        return blank().row(List.of(names)).line("|" + "---|".repeat(names.length));
    }

    /** A row of a table. */
    public Markdown row(List<String> cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ')
                    .append(cell.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " "))
                    .append(" |");
        }
        return line(row.toString());
    }

    /** A row of a table. */
    public Markdown row(String... cells) {
        return row(List.of(cells));
    }

    /** As code, or nothing if there is nothing. */
    public static String code(String words) {
        return words.isEmpty() ? "" : words.contains("`") ? "`` " + words + " ``" : "`" + words + "`";
    }

    private Markdown blank() {
        if (!text.isEmpty() && text.indexOf("\n\n", text.length() - 2) < 0) {
            text.append('\n');
        }
        return this;
    }

    private Markdown line(String words) {
        text.append(words).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
