package ai.tatbot.state.server.show;

import java.time.Duration;
import java.util.Locale;

/** Pieces of text for people. */
public final class Text {
    private Text() {}

    /**
     * Text from outside, without quotes, at most this long: control and format characters are escaped, so that it cannot steer
     * a terminal or turn the line around.
     */
    public static String safe(String text, int longest) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), longest) + 8);
        int next = 0;
        while (next < text.length()) {
            int character = text.codePointAt(next);
            String shown = shown(character);
            if (out.length() + shown.length() > longest) {
                out.setLength(Math.max(0, Math.min(out.length(), longest - 3)));
                return out.append("...").toString();
            }
            out.append(shown);
            next += Character.charCount(character);
        }
        return out.toString();
    }

    /** Text from outside, whole. */
    public static String safe(String text) {
        return safe(text, Integer.MAX_VALUE);
    }

    private static String shown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> escaped(character);
            default -> Character.toString(character);
        };
    }

    private static String escaped(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                StringBuilder out = new StringBuilder();
                for (char part : Character.toChars(character)) {
                    out.append(String.format(Locale.ROOT, "\\u%04x", (int) part));
                }
                yield out.toString();
            }
        };
    }

    /** A time span in its two largest units: {@code 840 ms}, {@code 3.2 s}, {@code 4 min 5 s}, {@code 2 h 3 min}. */
    public static String span(Duration span) {
        long millis = span.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        if (span.toHours() < 1) {
            return span.toMinutes() + " min " + span.toSecondsPart() + " s";
        }
        if (span.toDays() < 1) {
            return span.toHours() + " h " + span.toMinutesPart() + " min";
        }
        return span.toDays() + " d " + span.toHoursPart() + " h";
    }

    /** A number of microseconds: {@code 184 us}, {@code 2.3 ms}. */
    public static String micros(long micros) {
        return micros < 1_000
                ? micros + " us"
                : String.format(Locale.ROOT, micros < 100_000 ? "%.1f ms" : "%.0f ms", micros / 1_000.0);
    }

    /** {@code 1 node}, {@code 2 nodes}. */
    public static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** The text, filled up with blanks on the right; styles take no room. */
    public static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /** Columns that the text takes; styles take none. */
    static int width(String text) {
        String bare = text.indexOf('\u001b') < 0 ? text : text.replaceAll("\u001b\\[[0-9;]*m", "");
        return bare.codePointCount(0, bare.length());
    }
}
