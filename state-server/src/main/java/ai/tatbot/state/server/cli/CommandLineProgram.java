package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command line as a whole. */
@CommandLine.Command(
        name = CommandLineProgram.NAME,
        header = "Shares the state of a tattooing robot between its nodes, through Redis.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = CommandLineProgram.Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Each command has its own help: tatbot-state watch --help",
            "",
            "A first minute:",
            "  tatbot-state demo",
            "",
            "With a Redis (REDIS_URL, or REDIS_HOST and REDIS_PASSWORD, or --redis URL):",
            "  tatbot-state doctor",
            "  tatbot-state status",
            "  tatbot-state get robot:state:hog",
            "  tatbot-state watch stroke:events:progress",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 Redis unavailable, 4 not found.",
        })
public final class CommandLineProgram implements Runnable {
    static final String NAME = "tatbot-state";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    private final Terminal terminal;
    private @Nullable CommandLine commandLine;

    private CommandLineProgram(Context context) {
        this.terminal = context.terminal();
    }

    /** Runs the command that the arguments name; returns the exit code. */
    public static int run(Context context, String... arguments) {
        CommandLine commandLine = of(context);
        boolean json = Arrays.asList(arguments).contains("--json");
        Terminal terminal = context.terminal();
        commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.coloured() ? Ansi.ON : Ansi.OFF));
        commandLine.setUsageHelpLongOptionsMaxWidth(28);
        commandLine.setParameterExceptionHandler((thrown, given) -> {
            String path = thrown.getCommandLine().getCommandSpec().qualifiedName();
            String message = Text.safe(String.valueOf(thrown.getMessage()), 300) + "." + didYouMean(thrown) + " Try: "
                    + path + " --help";
            new Failure(ExitCode.USAGE, "usage", message).print(terminal, path, json);
            return ExitCode.USAGE.number();
        });
        commandLine.setExecutionExceptionHandler((thrown, failed, given) -> {
            Failure failure = Failure.of(thrown);
            failure.print(terminal, failed.getCommandSpec().qualifiedName(), json);
            if (failed.getCommand() instanceof LocalCommand command && command.verbose) {
                stackTrace(thrown).forEach(terminal.err()::println);
            }
            return failure.exitCode().number();
        });
        int code = commandLine.execute(arguments);
        terminal.out().flush();
        return code;
    }

    /** The program with all its commands. */
    static CommandLine of(Context context) {
        CommandLineProgram program = new CommandLineProgram(context);
        CommandLine commandLine = new CommandLine(program);
        program.commandLine = commandLine;
        List<LocalCommand> commands = List.of(
                new DemoCommand(context),
                new ServeCommand(context),
                new McpCommand(context),
                new StatusCommand(context),
                new DoctorCommand(context),
                new GetCommand(context),
                new ListCommand(context),
                new WatchCommand(context),
                new PublishCommand(context),
                new BackupCommand(context),
                new RestoreCommand(context),
                new DocsCommand(context),
                new TrainCommand(context));
        commands.forEach(commandLine::addSubcommand);
        commandLine.addSubcommand(TokenCommand.of(context));
        commandLine.addSubcommand(NodeCommand.of(context));
        return commandLine;
    }

    private static Stream<String> stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().lines().map(line -> Text.safe(line.replace("\t", "    ")));
    }

    private static String didYouMean(CommandLine.ParameterException thrown) {
        if (thrown instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return " Did you mean " + unmatched.getSuggestions().get(0) + "?";
        }
        return "";
    }

    @Override
    public void run() {
        if (commandLine != null) {
            commandLine.usage(terminal.out());
        }
    }

    /** Version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CommandLineProgram.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not packaged)" : version)};
        }
    }
}
