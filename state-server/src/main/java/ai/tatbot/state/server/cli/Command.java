package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.show.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands have in common. */
abstract class Command implements Callable<Integer> {
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

    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    private final Context context;

    Command(Context context) {
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

    /** Options by which this command reaches Redis. */
    final StateOptions.Builder options() {
        return connection.resolve(environment());
    }

    /** Connects. The caller closes it. */
    final StateManager connect() {
        return StateManager.connect(ConnectionOptions.build(options()));
    }

    @Override
    public final Integer call() throws Exception {
        return run().number();
    }

    /** Does the command's work. What it throws becomes a message and an exit code. */
    abstract ExitCode run() throws Exception;
}
