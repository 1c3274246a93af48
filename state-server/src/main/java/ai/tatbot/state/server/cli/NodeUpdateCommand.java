package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.rights.RedisUser;
import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Roles;
import ai.tatbot.state.server.show.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives nodes the rights of this version. */
@CommandLine.Command(
        name = "update",
        header = "Give nodes the rights that their roles have in this version.",
        description = {
            "Passwords and connections stay. Run it after an upgrade, and when a replica has joined.",
            "Which role a node has is told by most of the rights that it has; --role says it, and can change it."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state node update --env /etc/tatbot/admin.env",
            "  tatbot-state node update rpi1 --role robot --env /etc/tatbot/admin.env"
        })
final class NodeUpdateCommand extends UsersCommand {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The nodes. Without one: all of them.")
    List<String> names = List.of();

    @Nullable
    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "The role of the nodes that are named: node, robot, server.")
    String role;

    NodeUpdateCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        if (role != null && (names.isEmpty() || names.contains("default"))) {
            throw CliException.usage("--role goes with the names of nodes");
        }
        Optional<Role> given = Optional.ofNullable(role).map(UsersCommand::role);
        List<String> updated = new ArrayList<>();
        List<String> unchanged = new ArrayList<>();
        try (RedisUsers users = users()) {
            for (RedisUser user : users.list()) {
                Optional<Role> of = given.or(
                        () -> user.roleName().flatMap(found -> Roles.packaged().find(found)));
                if (of.isPresent() && (names.isEmpty() || names.contains(user.name()))) {
                    boolean changed = users.update(user.name(), of.get(), user.name());
                    (changed ? updated : unchanged).add(user.name());
                }
            }
        }
        for (String name : names) {
            if (!updated.contains(name) && !unchanged.contains(name)) {
                throw CliException.usage(name + " is no node's user");
            }
        }
        if (json) {
            print(JsonText.object(out -> {
                out.writeArrayPropertyStart("updated");
                updated.forEach(out::writeString);
                out.writeEndArray();
                out.writeArrayPropertyStart("unchanged");
                unchanged.forEach(out::writeString);
                out.writeEndArray();
            }));
        } else {
            print(
                    updated.isEmpty()
                            ? "Nothing changed: " + unchanged.size() + " users have the rights of this version."
                            : "Updated: " + String.join(", ", updated));
        }
        return ExitCode.DONE;
    }
}
