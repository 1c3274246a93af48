package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.show.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Removes a node's user. */
@CommandLine.Command(
        name = "remove",
        header = "Remove a node's user, and cut its connections.",
        description = "What the node has written stays until it expires.",
        footer = {"", "Examples:", "  tatbot-state node remove rpi2 --env /etc/tatbot/admin.env"})
final class NodeRemoveCommand extends UsersCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The node.")
    String name = "";

    NodeRemoveCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        try (RedisUsers users = users()) {
            users.remove(name);
        }
        print(json ? JsonText.object(out -> out.writeStringProperty("removed", name)) : name + " is removed.");
        return ExitCode.DONE;
    }
}
