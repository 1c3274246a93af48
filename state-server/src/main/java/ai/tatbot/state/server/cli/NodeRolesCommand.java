package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.rights.AclRules;
import ai.tatbot.state.server.rights.Right;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Roles;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Table;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows roles. */
@CommandLine.Command(
        name = "roles",
        header = "Show what the roles may do. Needs no Redis.",
        description = "For a node of a name: with --acl as the rules of a line of Redis' file of users.",
        footer = {
            "",
            "Examples:",
            "  tatbot-state node roles",
            "  tatbot-state node roles robot --name hog",
            "  tatbot-state node roles robot --name hog --acl",
        })
final class NodeRolesCommand extends LocalCommand {
    @Parameters(paramLabel = "ROLE", arity = "0..1", description = "The role. Without it: all of them.")
    List<String> names = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "Id of the node. Without it: ${DEFAULT-VALUE}.")
    String name = "NAME";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Prefix of every key and channel. Without it: none.")
    String namespace = "";

    @Option(names = "--acl", description = "Show the rules as Redis takes them.")
    boolean acl;

    NodeRolesCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        List<Role> roles = names.isEmpty()
                ? Roles.packaged().all()
                : names.stream().map(UsersCommand::role).toList();
        try {
            roles.forEach(this::show);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--name: " + e.getMessage());
        }
        return ExitCode.DONE;
    }

    private void show(Role role) {
        if (acl) {
            print(AclRules.of(role, name, namespace).toString());
            return;
        }
        List<Right> rights = role.rights(name, namespace);
        if (json) {
            print(JsonText.object(out -> {
                out.writeStringProperty("role", role.name());
                out.writeStringProperty("description", role.description());
                out.writeArrayPropertyStart("rights");
                for (Right right : rights) {
                    out.writeStartObject();
                    out.writeStringProperty("verb", verb(right));
                    out.writeStringProperty("pattern", right.pattern());
                    out.writeStringProperty("why", right.why());
                    out.writeEndObject();
                }
                out.writeEndArray();
                out.writeArrayPropertyStart("commands");
                role.commands().keySet().forEach(out::writeString);
                out.writeEndArray();
            }));
            return;
        }
        print(terminal().styled(role.name(), Style.BOLD) + "  " + role.description());
        Table table = new Table("MAY", "WHAT", "WHY");
        rights.forEach(right -> table.row(verb(right), right.pattern(), right.why()));
        table.print(terminal());
        print("commands besides: " + String.join(" ", role.commands().keySet()));
        print("");
    }

    private static String verb(Right right) {
        return right.verb().name().toLowerCase(Locale.ROOT);
    }
}
