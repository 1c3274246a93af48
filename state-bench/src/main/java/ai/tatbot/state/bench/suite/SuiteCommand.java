package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.gate.Machine;
import ai.tatbot.state.bench.gate.Neighbours;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.report.Goal;
import ai.tatbot.state.bench.report.Results;
import ai.tatbot.state.bench.report.SuiteReport;
import ai.tatbot.state.client.StateException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures everything. */
@Command(
        name = "suite",
        description =
                "Measures every operation beside its yardsticks, judges the goals, and writes report.md, report.json and plots.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every goal that was measured is met, but for a stretch",
            "1:one was missed, or an update was lost",
            "2:usage",
            "3:no Redis could be started"
        })
public final class SuiteCommand implements Callable<Integer> {
    private static final int MISSED = 1;
    private static final int NO_REDIS = 3;

    @Option(names = "--short", description = "Few and short rounds: to see that it works, not to be quoted.")
    private boolean isShort;

    @Option(
            names = "--only",
            paramLabel = "SECTION",
            split = ",",
            converter = PartConverter.class,
            description =
                    "Only these: update, callers, pipelined, server, mirror, read, watch, offers, status, memory, classpath,"
                            + " promises, operations, codec, curve-nodes, curve-watchers, curve-documents, curve-events,"
                            + " curve-callers. Printed, not written, unless --out is given.")
    private List<Part> only = List.of();

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where to write. Default: docs/performance")
    private @Nullable Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    public SuiteCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        BenchRedis redis;
        try {
            redis = BenchRedis.shared();
        } catch (StateException e) {
            err.println("bench: " + e.getMessage());
            err.flush();
            return NO_REDIS;
        }
        List<Part> parts = only.isEmpty() ? List.of(Part.values()) : only;
        SuiteForm form = isShort ? SuiteForm.SHORT : SuiteForm.FULL;
        SuiteReport report;
        try (redis) {
            Instant start = Instant.now();
            Neighbours neighbours = Neighbours.watch();
            Results results = measure(parts, form, redis, err);
            report = new SuiteReport(start, form.name(), Machine.here(redis), neighbours.cores(), results);
        }
        return tell(report, err);
    }

    private static Results measure(List<Part> parts, SuiteForm form, BenchRedis redis, PrintWriter err)
            throws Exception {
        Results results = new Results();
        SuiteProgress progress = new SuiteProgress(err, isTerminal(), parts.size(), System::nanoTime);
        for (Part part : parts) {
            progress.section(part.id());
            // New connections for each, so that none has to live with what another has left.
            try (Peers peers = new Peers(redis)) {
                part.section().run(new Run(part.id(), peers, form, results, progress::slot));
                peers.missing().forEach(results::miss);
            } catch (Exception e) {
                // The others took minutes, and are worth having.
                results.fail("section " + part.id(), e.toString());
                err.println("bench: section " + part.id() + " failed: " + e);
                err.flush();
            }
        }
        progress.done();
        return results;
    }

    private int tell(SuiteReport report, PrintWriter err) throws Exception {
        Path folder = out == null && only.isEmpty() ? Path.of("docs", "performance") : out;
        PrintWriter to = spec.commandLine().getOut();
        if (folder == null) {
            to.println(report.markdown());
        } else {
            report.write(folder);
            to.println("Written: " + folder.resolve("report.md") + ", report.json and the plots.");
        }
        to.flush();
        for (Goal goal : report.missed()) {
            err.println("bench: missed: " + goal.figure() + ": " + goal.measured() + " (" + goal.ratio() + "), must be "
                    + goal.promise());
        }
        err.flush();
        return report.missed().isEmpty() && !report.hasFailures() ? 0 : MISSED;
    }

    /** Whether standard error is a terminal; where that cannot be told, it is not. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    /** Sections by their names in small letters. */
    static final class PartConverter implements ITypeConverter<Part> {
        @Override
        public Part convert(String value) {
            String name = value.toLowerCase(Locale.ROOT);
            return Arrays.stream(Part.values())
                    .filter(part -> part.id().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new picocli.CommandLine.TypeConversionException(
                            "there is no section " + value + "; those there are: "
                                    + Arrays.stream(Part.values()).map(Part::id).toList()));
        }
    }
}
