package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.rights.RedisUser;
import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Table;
import java.util.List;
import picocli.CommandLine;

/** Lists users. */
@CommandLine.Command(
        name = "list",
        header = "List the users of Redis.",
        description = "A role is told by what the user may do; - is one whose rights are those of no role.",
        footer = {"", "Examples:", "  tatbot-state node list --env /etc/tatbot/admin.env"})
final class NodeListCommand extends UsersCommand {
    NodeListCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        List<RedisUser> all;
        try (RedisUsers users = users()) {
            all = users.list();
        }
        if (json) {
            all.forEach(user -> print(JsonText.object(out -> {
                out.writeStringProperty("name", user.name());
                out.writeBooleanProperty("enabled", user.enabled());
                out.writeStringProperty("role", user.roleName().orElse(null));
                out.writeNumberProperty("passwords", user.passwordHashes().size());
                out.writeBooleanProperty("needs_no_password", user.needsNoPassword());
            })));
            return ExitCode.DONE;
        }
        Table table = new Table("USER", "ROLE", "LOGS IN");
        for (RedisUser user : all) {
            table.row(user.name(), user.roleName().orElse("-"), login(user));
        }
        table.print(terminal());
        return ExitCode.DONE;
    }

    private String login(RedisUser user) {
        if (!user.enabled()) {
            return "never";
        }
        if (user.needsNoPassword()) {
            return terminal().styled("without a password", Style.RED);
        }
        int passwords = user.passwordHashes().size();
        return passwords == 1
                ? "by password"
                : terminal().styled("by " + passwords + " passwords: a rotation is not finished", Style.YELLOW);
    }
}
