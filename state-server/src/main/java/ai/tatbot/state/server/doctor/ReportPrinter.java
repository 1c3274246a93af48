package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.show.Bar;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes a report for people, line by line as it comes. What was not checked comes last, in few words. */
public final class ReportPrinter {
    private static final int VERDICT = 4;
    private static final int TITLE = 17;
    private static final int GAP = 2;
    private static final int INDENT = GAP + VERDICT + GAP + TITLE + GAP;

    /** Longer lines are hard to read. */
    private static final int WIDEST = 110;

    private static final int BAR = 24;

    /** A blank, but for that between a number and its unit. */
    private static final Pattern BREAK = Pattern.compile("(?<![0-9]) | (?![a-zA-Z%]{1,3}(?:[ ,.;)]|$))");

    private final Terminal terminal;
    private final int columns;
    private final Map<String, List<String>> notChecked = new LinkedHashMap<>();
    private @Nullable Part part;

    public ReportPrinter(Terminal terminal) {
        this.terminal = terminal;
        this.columns = Math.max(INDENT + 30, Math.min(WIDEST, terminal.interactive() ? terminal.columns() : WIDEST));
    }

    /** One line, with its advice below it. */
    public void print(Finding finding) {
        if (finding.verdict() == Verdict.NOT_CHECKED) {
            notChecked
                    .computeIfAbsent(finding.found(), reason -> new ArrayList<>())
                    .add(finding.title());
            return;
        }
        if (finding.part() != part) {
            heading(finding.part().title());
            part = finding.part();
        }
        String head = " ".repeat(GAP)
                + Text.padded(label(finding.verdict()), VERDICT + GAP)
                + Text.padded(finding.title(), TITLE + GAP);
        List<String> lines = wrapped(finding.found(), columns - INDENT);
        println(head + lines.get(0));
        lines.stream().skip(1).forEach(line -> println(" ".repeat(INDENT) + line));
        Latencies latencies = finding.latencies();
        if (latencies != null) {
            histogram(latencies);
        }
        String advice = finding.advice();
        if (advice != null) {
            String arrow = terminal.either("\u2192", "->") + " ";
            List<String> advised = wrapped(advice, columns - INDENT - arrow.length());
            println(" ".repeat(INDENT) + terminal.styled(arrow, style(finding.verdict())) + advised.get(0));
            advised.stream().skip(1).forEach(line -> println(" ".repeat(INDENT + arrow.length()) + line));
        }
    }

    private void heading(String title) {
        if (part != null) {
            println("");
        }
        println(terminal.styled(title, Style.BOLD));
    }

    private String label(Verdict verdict) {
        return terminal.styled(verdict.name(), style(verdict));
    }

    private static Style style(Verdict verdict) {
        return switch (verdict) {
            case OK -> Style.GREEN;
            case WARN -> Style.YELLOW;
            case FAIL -> Style.RED;
            case NOT_CHECKED -> Style.DIM;
        };
    }

    private void histogram(Latencies latencies) {
        List<Latencies.Bin> bins = latencies.histogram();
        long most = bins.stream().mapToLong(Latencies.Bin::count).max().orElse(1);
        for (Latencies.Bin bin : bins) {
            String range = bin.toMicros() == Long.MAX_VALUE
                    ? "from " + bound(bin.fromMicros())
                    : "below " + bound(bin.toMicros());
            println(" ".repeat(INDENT)
                    + terminal.styled(Text.padded(range, 14), Style.DIM)
                    + Bar.of(terminal, bin.count() / (double) most, BAR)
                    + " " + bin.count());
        }
    }

    /** The bounds are round: 500 us, 2 ms. */
    private static String bound(long micros) {
        return micros < 1_000 ? micros + " us" : micros / 1_000 + " ms";
    }

    /** What was not checked, and the sum of all. */
    public void printEnd(Report report) {
        if (!notChecked.isEmpty()) {
            heading("Not checked");
            notChecked.forEach((reason, titles) -> {
                List<String> lines = wrapped(String.join(", ", titles) + ": " + reason, columns - GAP);
                lines.forEach(line -> println(" ".repeat(GAP) + terminal.styled(line, Style.DIM)));
            });
        }
        println("");
        println(sum(report));
    }

    private String sum(Report report) {
        long warnings = report.count(Verdict.WARN);
        long failures = report.count(Verdict.FAIL);
        String checked = Text.count(report.findings().size() - report.count(Verdict.NOT_CHECKED), "check");
        String time = " in " + Text.span(report.took());
        if (failures == 0 && warnings == 0) {
            return terminal.styled("All is well", Style.GREEN, Style.BOLD) + ": " + checked + time + ".";
        }
        List<String> parts = new ArrayList<>();
        if (failures > 0) {
            parts.add(terminal.styled(failures + " failed", Style.RED, Style.BOLD));
        }
        if (warnings > 0) {
            parts.add(terminal.styled(Text.count(warnings, "warning"), Style.YELLOW, Style.BOLD));
        }
        parts.add(report.count(Verdict.OK) + " OK");
        return String.join(", ", parts) + ": " + checked + time + "."
                + (report.unreachable() ? " Redis cannot be reached; what needs it was not checked." : "");
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : BREAK.split(text, -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private void println(String line) {
        terminal.out().println(line);
    }
}
