package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is measured, as a page. */
public final class MetricsReference {
    private static final Pattern ABOUT = Pattern.compile("# (HELP|TYPE) ([a-z0-9_]+) (.*)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final Set<String> OF_HISTOGRAMS = Set.of("le", "quantile");

    private MetricsReference() {}

    private static final class Metric {
        private String help = "";
        private String type = "";
        private final Set<String> labels = new TreeSet<>();
    }

    /** The page, made of what a server shows. */
    public static ReferencePage page() {
        Map<String, Metric> metrics = new TreeMap<>();
        Metric current = new Metric();
        for (String line : Metrics.described().split("\n", -1)) {
            Matcher about = ABOUT.matcher(line);
            if (about.matches()) {
                current = metrics.computeIfAbsent(about.group(2), name -> new Metric());
                if (about.group(1).equals("HELP")) {
                    current.help = about.group(3);
                } else {
                    current.type = about.group(3);
                }
            } else if (line.contains("{")) {
                Set<String> labels = current.labels;
                LABEL.matcher(line.substring(line.indexOf('{'), line.lastIndexOf('}')))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !OF_HISTOGRAMS.contains(label))
                        .forEach(labels::add);
            }
        }
        Markdown out = new Markdown()
                .heading(1, "Metrics")
                .paragraph("What `" + Metrics.PATH
                        + "` of a running server shows, for Prometheus. Rules for alerts, and a dashboard:"
                        + " [monitoring](../operations/monitoring.md).");
        table(out, "Of the fleet and the server", metrics, true);
        table(out, "Of the process", metrics, false);
        return new ReferencePage("metrics", out.toString());
    }

    private static void table(Markdown out, String title, Map<String, Metric> metrics, boolean own) {
        out.heading(2, title).columns("Metric", "Type", "Labels", "Meaning");
        metrics.forEach((name, metric) -> {
            if (name.startsWith("tatbot_") == own) {
                out.row(
                        Markdown.code(name),
                        metric.type,
                        metric.labels.stream().map(Markdown::code).collect(Collectors.joining(", ")),
                        metric.help);
            }
        });
    }
}
