package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.show.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all commands have in common, those too that need no Redis. */
abstract class LocalCommand implements Callable<Integer> {
    @Option(
            names = "--json",
            description =
                    "Write JSON for programs: on standard output what was asked for, on standard error what failed.")
    boolean json;

    @Option(names = "--verbose", description = "Log more to standard error; show stack traces.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private final Context context;

    LocalCommand(Context context) {
        this.context = context;
    }

    final Map<String, String> environment() {
        return context.environment();
    }

    final Terminal terminal() {
        return context.terminal();
    }

    final Context context() {
        return context;
    }

    /** Prints a line to standard output. */
    final void print(String line) {
        terminal().out().println(line);
    }

    @Override
    public final Integer call() throws Exception {
        return run().number();
    }

    /** Does the command's work. What it throws becomes a message and an exit code. */
    abstract ExitCode run() throws Exception;
}
