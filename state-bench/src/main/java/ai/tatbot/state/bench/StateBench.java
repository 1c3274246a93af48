package ai.tatbot.state.bench;

import ai.tatbot.state.bench.gate.GateCommand;
import ai.tatbot.state.bench.limits.LimitsCommand;
import ai.tatbot.state.bench.offer.OfferCommand;
import ai.tatbot.state.bench.serving.ServingCommand;
import ai.tatbot.state.bench.study.WriteStudy;
import ai.tatbot.state.bench.suite.SuiteCommand;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** The program: the gate, the offers of a control loop, the study of the atomic write, and JMH itself. */
@Command(
        name = "state-bench",
        description = "Measures the client on a private Redis, beside bare Jedis.",
        subcommands = {
            SuiteCommand.class,
            LimitsCommand.class,
            GateCommand.class,
            OfferCommand.class,
            ServingCommand.class,
            StateBench.Study.class,
            StateBench.Jmh.class
        })
public final class StateBench {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private StateBench() {}

    /** Exits with what the command returns: 0 done, 1 missed or failed, 2 usage, 3 Redis unavailable. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new StateBench()).setExecutionExceptionHandler((failure, line, parsed) -> {
            PrintWriter err = line.getErr();
            err.println("state-bench: " + failure);
            printReasons(failure, err);
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    /** JMH hides what a benchmark threw in what it suppressed. */
    private static void printReasons(Throwable failure, PrintWriter err) {
        if (failure.getCause() != null) {
            err.println("  because of " + failure.getCause());
            printReasons(failure.getCause(), err);
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            err.println("  because of " + suppressed);
            printReasons(suppressed, err);
        }
    }

    @Command(
            name = "study",
            description = "How one update is written atomically: arguments are [rounds [redis-server ...]].")
    static final class Study implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            WriteStudy.main(arguments.toArray(String[]::new));
            return 0;
        }
    }

    @Command(name = "jmh", description = "JMH's own command line; -h shows its options, -l the benchmarks.")
    static final class Jmh implements Callable<Integer> {
        @Unmatched
        private final List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
            return 0;
        }
    }
}
