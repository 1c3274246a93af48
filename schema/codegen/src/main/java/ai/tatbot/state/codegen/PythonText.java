package ai.tatbot.state.codegen;

import java.util.ArrayList;
import java.util.List;

/** Python source, line by line. */
final class PythonText {
    private static final int WIDEST = 116;

    private final StringBuilder out = new StringBuilder();

    PythonText line(int depth, String text) {
        if (!text.isEmpty()) {
            out.append("    ".repeat(depth)).append(text);
        }
        out.append('\n');
        return this;
    }

    PythonText blank() {
        return line(0, "");
    }

    /** A docstring, wrapped; of one line if it fits. */
    PythonText doc(int depth, String words) {
        String safe = words.replace("\\", "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
        if (safe.endsWith("\"")) {
            safe += " ";
        }
        List<String> lines = wrapped(safe, WIDEST - 4 * depth - 6);
        if (lines.size() == 1) {
            return line(depth, "\"\"\"" + lines.get(0) + "\"\"\"");
        }
        line(depth, "\"\"\"" + lines.get(0));
        lines.subList(1, lines.size()).forEach(each -> line(depth, each));
        return line(depth, "\"\"\"");
    }

    private static List<String> wrapped(String words, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : words.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : paragraph.split(" ", -1)) {
                if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** A text as a literal. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                literal.append('\\').appendCodePoint(c);
            } else if (c < ' ' || c == 0x7F) {
                literal.append(String.format("\\x%02x", c));
            } else {
                literal.appendCodePoint(c);
            }
        });
        return literal.append('"').toString();
    }

    /** A tuple of what is in the list. */
    static String tuple(List<String> items) {
        return items.isEmpty() ? "()" : "(" + String.join(", ", items) + (items.size() == 1 ? ",)" : ")");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
