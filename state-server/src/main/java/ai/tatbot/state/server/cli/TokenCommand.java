package ai.tatbot.state.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tokens of the server: the commands below this one do the work. */
@CommandLine.Command(
        name = "token",
        header = "Make, list and revoke the tokens that serve asks for.",
        description = {
            "serve --tokens FILE lets in only who shows a token of that file. The file holds the tokens hashed, so each is"
                    + " shown once, when it is made. A running server takes up a change within a second.",
            "Scopes: read sees everything; publish sends events; admin may do both, and overwrite stored state where serve"
                    + " --allow-set-state permits it."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  tatbot-state token new ook-display --scope read --file tokens",
            "  tatbot-state token new assistant --scope read,publish --file tokens \\",
            "    --expires-in 90d",
            "  tatbot-state token list --file tokens",
            "  tatbot-state token revoke assistant --file tokens",
            "",
            "A client sends it in a header, never in an address:",
            "  curl -H @header https://eek:8765/api/v1/status",
            "with the line Authorization: Bearer tat_... in the file named header, so that",
            "the process list does not show it.",
        })
final class TokenCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    @Nullable
    CommandSpec spec;

    private final Context context;

    private TokenCommand(Context context) {
        this.context = context;
    }

    /** With the commands below it. */
    static CommandLine of(Context context) {
        return new CommandLine(new TokenCommand(context))
                .addSubcommand(new TokenNewCommand(context))
                .addSubcommand(new TokenListCommand(context))
                .addSubcommand(new TokenRevokeCommand(context));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(context.terminal().out());
        }
    }
}
