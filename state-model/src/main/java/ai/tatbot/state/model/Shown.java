package ai.tatbot.state.model;

/** Makes text from outside safe to show: quoted, shortened, control characters escaped. */
public final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    /** The text in quotes, at most some 80 characters of it, with control and quote characters escaped. */
    public static String text(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 8).append('"');
        int shown = Math.min(text.length(), LONGEST);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (isUnsafe(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
        if (shown < text.length()) {
            out.append(" (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    /** Control and format characters (such as bidirectional overrides) and lone surrogates do not reach a terminal. */
    private static boolean isUnsafe(char c) {
        int kind = Character.getType(c);
        return Character.isISOControl(c)
                || kind == Character.FORMAT
                || kind == Character.LINE_SEPARATOR
                || kind == Character.PARAGRAPH_SEPARATOR;
    }
}
