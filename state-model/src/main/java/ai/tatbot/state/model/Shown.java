package ai.tatbot.state.model;

/** Makes text from outside safe to show: quoted, shortened, control characters escaped. */
public final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    /** The text in quotes, at most some 80 characters of it, with control and quote characters escaped. */
    public static String text(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 16).append('"');
        int next = 0;
        while (next < text.length() && out.length() <= LONGEST) {
            int character = text.codePointAt(next);
            next += Character.charCount(character);
            append(out, character);
        }
        out.append('"');
        if (next < text.length()) {
            out.append(" (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int character) {
        switch (character) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            default -> {
                if (isUnsafe(character)) {
                    for (char part : Character.toChars(character)) {
                        out.append(String.format("\\u%04x", (int) part));
                    }
                } else {
                    out.appendCodePoint(character);
                }
            }
        }
    }

    /** Control and format characters (such as bidirectional overrides) and lone surrogates do not reach a terminal. */
    private static boolean isUnsafe(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
