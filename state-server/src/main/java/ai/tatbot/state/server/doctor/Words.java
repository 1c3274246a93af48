package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Pieces of sentences. */
final class Words {
    private static final int LONGEST = 300;

    private Words() {}

    /** What a failure says, without what was being done, which is in the title of the line. */
    static String of(StateException failure) {
        String message = String.valueOf(failure.getMessage());
        return safe(message.startsWith("connecting: ") ? message.substring("connecting: ".length()) : message);
    }

    /** Text from outside. */
    static String safe(String text) {
        return Text.safe(text, LONGEST);
    }

    /** {@code 1.5 GB}, {@code 100 MB}, {@code 830 kB}: as Redis counts, in powers of 1024. */
    static String bytes(long bytes) {
        if (bytes >= 1L << 30) {
            return decimal(bytes / (double) (1L << 30)) + " GB";
        }
        if (bytes >= 1L << 20) {
            return decimal(bytes / (double) (1L << 20)) + " MB";
        }
        return (bytes >> 10) + " kB";
    }

    private static String decimal(double value) {
        String text = String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.0f %%", fraction * 100);
    }

    /** The first few, and how many more there are. */
    static String some(List<String> things, int most) {
        String shown = String.join(", ", things.subList(0, Math.min(most, things.size())));
        return things.size() <= most ? shown : shown + " and " + (things.size() - most) + " more";
    }

    /** A span that may be negative, such as {@code 3.2 s}; without its sign. */
    static String span(Duration span) {
        return Text.span(span.abs());
    }

    static String micros(long micros) {
        return Text.micros(micros);
    }
}
