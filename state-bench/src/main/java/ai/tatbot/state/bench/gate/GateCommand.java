package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.client.StateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures, compares and judges. */
@Command(
        name = "gate",
        description = "Measures updates and reads on a private Redis, beside bare Jedis; fails if a target is missed.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:no target was missed (those that the machine is too slow for are not judged)",
            "1:a target was missed, or an update was lost",
            "2:usage",
            "3:no Redis could be started"
        })
public final class GateCommand implements Callable<Integer> {
    static final int MISSED = 1;
    static final int NO_REDIS = 3;

    @Option(names = "--short", description = "Some 80 seconds instead of five minutes.")
    private boolean isShort;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the figures, round by round, to this file too.")
    private @Nullable Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    public GateCommand() {}

    @Override
    public Integer call() throws IOException {
        Path target = json;
        if (target != null) {
            prepare(target);
        }
        PrintWriter err = spec.commandLine().getErr();
        Form form = isShort ? Form.SHORT : Form.FULL;
        BenchRedis redis;
        try {
            redis = BenchRedis.shared();
        } catch (StateException e) {
            err.println("gate: " + e.getMessage());
            return NO_REDIS;
        }
        Report report;
        try (redis) {
            Machine machine = Machine.here(redis);
            Progress progress = new Progress(err, Rounds.steps(form), Progress.isTerminal(), System::nanoTime);
            Rounds rounds = new Rounds(new JmhMeasurer(form.slot()), form, progress, Neighbours::stolenSeconds);
            Instant start = Instant.now();
            Neighbours neighbours = Neighbours.watch();
            List<Figure> figures = rounds.run();
            report = new Report(start, form, machine, neighbours.cores(), figures);
        }
        if (target != null) {
            Files.writeString(target, report.json());
        }
        return tell(report, spec.commandLine().getOut(), err);
    }

    /** Prints the report, and what was missed where errors go; returns the exit code. */
    static int tell(Report report, PrintWriter out, PrintWriter err) {
        out.print(report.text());
        out.flush();
        for (String miss : report.misses()) {
            err.println("gate: " + miss);
        }
        err.flush();
        return report.passed() ? 0 : MISSED;
    }

    /** Minutes later would be too late to find out. */
    private void prepare(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--json: cannot write " + file + ": " + e, e);
        }
    }
}
