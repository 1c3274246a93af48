package ai.tatbot.state.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Users of Redis, one for each node: the commands below this one do the work. */
@CommandLine.Command(
        name = "node",
        header = "Give nodes their own users of Redis, with no more rights than they need.",
        description = {
            "Each node logs in to Redis as a user of its own name, with a password of 256 random bits, and the rights of a role:"
                    + " what a robot may write, a viewer may only read. The roles come from the schema; tatbot-state node roles"
                    + " shows them.",
            "These commands need an administrator's credentials: on eek,  --env /etc/tatbot/admin.env"
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples, on eek as root:",
            "  tatbot-state node add rpi1 --env /etc/tatbot/admin.env > rpi1.env",
            "  tatbot-state node add hog2 --role robot --env /etc/tatbot/admin.env \\",
            "    --out hog2/",
            "  tatbot-state node list --env /etc/tatbot/admin.env",
            "",
            "A new password, without an outage:",
            "  tatbot-state node rotate hog --env /etc/tatbot/admin.env --out hog/",
            "  (copy hog/ to /etc/tatbot of hog; old and new are good meanwhile)",
            "  tatbot-state node rotate hog --finish --env /etc/tatbot/admin.env",
        })
final class NodeCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    @Nullable
    CommandSpec spec;

    private final Context context;

    private NodeCommand(Context context) {
        this.context = context;
    }

    /** With the commands below it. */
    static CommandLine of(Context context) {
        return new CommandLine(new NodeCommand(context))
                .addSubcommand(new NodeAddCommand(context))
                .addSubcommand(new NodeRotateCommand(context))
                .addSubcommand(new NodeUpdateCommand(context))
                .addSubcommand(new NodeRemoveCommand(context))
                .addSubcommand(new NodeListCommand(context))
                .addSubcommand(new NodeRolesCommand(context));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(context.terminal().out());
        }
    }
}
