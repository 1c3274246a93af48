package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.rights.Password;
import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.rights.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a node's user. */
@CommandLine.Command(
        name = "add",
        header = "Make a user for a node, and print the node's .env.",
        description = {
            "Prints the node's .env to standard output, with its password: it is shown this once, and stored nowhere. Keep it"
                    + " readable by its owner only.",
            "With --out the .env, the password and the certificate authority go into a folder instead, to be copied to"
                    + " /etc/tatbot of the node. A program that has its password from a file takes a rotated one without a restart."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state node add rpi1 --env /etc/tatbot/admin.env > rpi1.env",
            "  tatbot-state node add hog --role robot --out hog/ \\",
            "    --env /etc/tatbot/admin.env",
        })
final class NodeAddCommand extends UsersCommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "Id of the node, and name of its user: letters, digits, _, . and -.")
    String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description =
                    "What it may do: node (sees everything, tells of itself), robot (writes its robot and its sessions, too),"
                            + " server, python. Without it: ${DEFAULT-VALUE}.")
    String role = "node";

    @Nullable
    @Option(
            names = "--given-password-file",
            paramLabel = "FILE",
            description =
                    "File whose first line is to be the password, for nodes that have one already. Without it: a random one.")
    Path givenPassword;

    @Mixin
    final Handover handover = new Handover();

    NodeAddCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Role of = role(role);
        if (name.equals("default") != of.name().equals("python")) {
            throw CliException.usage(
                    "role python is for the user default, whom nodes without a user of their own share,"
                            + " and for no other");
        }
        Password password = givenPassword == null ? Password.random() : given(givenPassword);
        handover.check();
        try (RedisUsers users = users()) {
            users.add(name, of, name, password);
            hand(users, of, password);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
        return ExitCode.DONE;
    }

    private void hand(RedisUsers users, Role of, Password password) {
        try {
            handover.hand(this, name, of, password);
        } catch (RuntimeException e) {
            // A user whose password nobody has would be in the way of the next attempt.
            if (!name.equals("default")) {
                users.remove(name);
            }
            throw e;
        }
    }

    private static Password given(Path file) {
        try {
            return Password.of(Files.readString(file).lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw CliException.usage("--given-password-file: cannot read " + file + " ("
                    + e.getClass().getSimpleName().replace("Exception", "") + ")");
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--given-password-file: the first line of " + file + ": " + e.getMessage());
        }
    }
}
