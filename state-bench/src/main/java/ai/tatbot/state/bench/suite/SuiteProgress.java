package ai.tatbot.state.bench.suite;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What is being measured: one line that changes on a terminal, one for each section in a log. */
final class SuiteProgress {
    private static final int WIDTH = 110;

    private final PrintWriter out;
    private final boolean terminal;
    private final int sections;
    private final LongSupplier nanoTime;
    private final long begin;
    private int section;
    private String title = "";

    SuiteProgress(PrintWriter out, boolean terminal, int sections, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.sections = sections;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    void section(String name) {
        section++;
        title = name;
        if (!terminal) {
            out.println(line(""));
            out.flush();
        }
    }

    void slot(String contestant, int round, int rounds) {
        if (terminal) {
            String line = line(": " + contestant + ", " + (round + 1) + " of " + rounds);
            out.print("\r"
                    + String.format(
                            Locale.ROOT, "%-" + WIDTH + "s", line.substring(0, Math.min(WIDTH, line.length()))));
            out.flush();
        }
    }

    private String line(String rest) {
        long seconds = (nanoTime.getAsLong() - begin) / 1_000_000_000;
        return String.format(
                Locale.ROOT,
                "bench: %d:%02d  section %d of %d, %s%s",
                seconds / 60,
                seconds % 60,
                section,
                sections,
                title,
                rest);
    }

    void done() {
        if (terminal) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }
}
