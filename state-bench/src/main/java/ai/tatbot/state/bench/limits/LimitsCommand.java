package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.gate.Machine;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.client.StateException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The gate of CI. */
@Command(
        name = "limits",
        description = {
            "The gate that CI runs, in a minute: what an update costs in commands, round trips, events and bytes, and how the"
                    + " client's times compare with a yardstick's in the same run; each against its limit in a file."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every limit was kept",
            "1:one was missed (which, and by how much, is said on standard error), or an update was lost",
            "2:usage",
            "3:no Redis could be started"
        })
public final class LimitsCommand implements Callable<Integer> {
    static final String MISS = "gate: ";

    private static final int MISSED = 1;
    private static final int NO_REDIS = 3;

    @Option(
            names = "--limits",
            paramLabel = "FILE",
            description = "The file of limits. Default: ${DEFAULT-VALUE}",
            defaultValue = "state-bench/limits.json")
    private Path file;

    @Option(names = "--exact", description = "Only what is exact on any machine, and the codec; a quarter of a minute.")
    private boolean exactOnly;

    @Option(names = "--take", description = "Measures, and writes the limits that follow from it into the file.")
    private boolean take;

    @Option(
            names = "--times",
            paramLabel = "N",
            description = "Runs it that many times, each in a process of its own, and says how many have passed.")
    private int times;

    @Option(
            names = "--prove",
            description =
                    "Shows that it catches: one more command per update, 64 bytes more, a codec slower by 30 %%, a"
                            + " dropped event; and that it passes without.")
    private boolean prove;

    @Option(
            names = "--inject",
            paramLabel = "FAULT",
            description = "Puts a fault around what is measured: command, allocation, codec, event.",
            converter = FaultConverter.class)
    private Fault fault = Fault.NONE;

    @Option(
            names = "--values",
            hidden = true,
            description = "Only measures what is exact, in this process, and writes it to this file.")
    private @Nullable Path values;

    @Option(names = "--codec", hidden = true, description = "With --values: the codec instead.")
    private boolean codecOnly;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public LimitsCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (take && (exactOnly || fault != Fault.NONE)) {
            err.println(MISS + "--take takes all limits, and without a fault; leave out --exact and --inject");
            err.flush();
            return CommandLine.ExitCode.USAGE;
        }
        if (prove || times > 0) {
            Again again = new Again(file, out);
            return (prove ? again.prove() : again.times(times, exactOnly)) ? 0 : MISSED;
        }
        Path given = values;
        if (given == null) {
            return judge(out, err);
        }
        Map<Measure, Double> exact = new EnumMap<>(Measure.class);
        if (codecOnly) {
            CodecContest contest = new CodecContest(fault);
            contest.run();
            contest.into(exact);
            ExactProcess.write(given, exact);
            return 0;
        }
        try (BenchRedis redis = BenchRedis.shared();
                Peers peers = new Peers(redis)) {
            new Exact(peers, fault, exact).run();
        }
        ExactProcess.write(given, exact);
        return 0;
    }

    private int judge(PrintWriter out, PrintWriter err) throws Exception {
        BenchRedis redis;
        try {
            redis = BenchRedis.shared();
        } catch (StateException e) {
            err.println(MISS + e.getMessage());
            err.flush();
            return NO_REDIS;
        }
        try (redis) {
            Map<Measure, Double> measured = measure(redis, err);
            Machine machine = Machine.here(redis);
            if (take) {
                Limits taken = Limits.take(measured, machine);
                (Files.exists(file) ? taken.butNoLooserThan(Limits.read(file)) : taken).write(file);
            }
            List<Measure> expected = Arrays.stream(Measure.values())
                    .filter(measure -> !exactOnly || !measure.isRatio())
                    .toList();
            return tell(new Judgement(expected, measured, Limits.read(file)), machine, out, err);
        }
    }

    private Map<Measure, Double> measure(BenchRedis redis, PrintWriter err) throws Exception {
        err.println("Gate: what is exact, and the codec ...");
        err.flush();
        Map<Measure, Double> measured = ExactProcess.run(fault);
        if (!exactOnly) {
            try (Peers peers = new Peers(redis)) {
                new Ratios(peers, measured, told -> {
                            err.println(told);
                            err.flush();
                        })
                        .run();
            }
        }
        return measured;
    }

    private static int tell(Judgement judgement, Machine machine, PrintWriter out, PrintWriter err) {
        out.println(machine.text());
        out.println();
        judgement.lines().forEach(out::println);
        out.println();
        out.println(
                judgement.missed().isEmpty()
                        ? "Passed."
                        : "FAILED: " + judgement.missed().size() + " missed.");
        out.flush();
        judgement.misses().forEach(miss -> err.println(MISS + miss));
        err.flush();
        return judgement.missed().isEmpty() ? 0 : MISSED;
    }

    /** Faults by their names in small letters. */
    static final class FaultConverter implements picocli.CommandLine.ITypeConverter<Fault> {
        @Override
        public Fault convert(String value) {
            return Fault.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }
}
