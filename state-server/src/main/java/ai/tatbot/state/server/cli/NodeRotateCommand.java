package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.server.rights.Password;
import ai.tatbot.state.server.rights.RedisUser;
import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Roles;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Text;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a node another password. */
@CommandLine.Command(
        name = "rotate",
        header = "Give a node another password, in two steps, without an outage.",
        description = {
            "First: makes a new password good beside the old one, and prints the node's .env, or with --out writes NAME.password, all"
                    + " else being as it was. Copy it to the node.",
            "Then, with --finish: only the newest is good from now on. The node's connections are cut, and those that know the"
                    + " newest are back within a moment; so nobody goes on who knew the old one only.",
            "Or, with --undo, if the newest was lost on its way: only the one before it is good, and nobody is cut."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state node rotate hog --out /etc/tatbot/nodes/hog --env /etc/tatbot/admin.env",
            "  tatbot-state node rotate hog --finish --env /etc/tatbot/admin.env",
        })
final class NodeRotateCommand extends UsersCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The node.")
    String name = "";

    @Option(names = "--finish", description = "Let only the newest password be good from now on.")
    boolean finish;

    @Option(names = "--undo", description = "Take the newest password back, if there is one before it.")
    boolean undo;

    @Mixin
    final Handover handover = new Handover();

    NodeRotateCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        if (finish && undo) {
            throw CliException.usage("--finish and --undo exclude each other");
        }
        if (!finish && !undo) {
            handover.check();
        }
        try (RedisUsers users = users()) {
            RedisUser user = users.find(name)
                    .orElseThrow(() -> new StateException(Reason.NOT_FOUND, "there is no user " + name));
            if (finish) {
                finish(users, user);
            } else if (undo) {
                undo(users, user);
            } else {
                begin(users, user);
            }
        }
        return ExitCode.DONE;
    }

    private void begin(RedisUsers users, RedisUser user) {
        if (user.passwordHashes().size() > 1) {
            throw new StateException(
                    Reason.CONFLICT,
                    name + " has " + user.passwordHashes().size()
                            + " passwords: a rotation is not finished. When the node has"
                            + " the newest:  tatbot-state node rotate " + name
                            + " --finish. If the newest was lost:  ... --undo");
        }
        Role role = user.roleName()
                .flatMap(found -> Roles.packaged().find(found))
                .orElseThrow(() -> new StateException(
                        Reason.CONFLICT, name + " is no node's user: its rights are those of no role"));
        Password password = Password.random();
        try {
            users.addPassword(name, password);
            handover.handPassword(this, name, role, password);
        } catch (RuntimeException e) {
            // Nobody knows it, and the one before it must not be taken away in its favour.
            try {
                users.withdrawPassword(name, password);
            } catch (StateException withdrawing) {
                e.addSuppressed(withdrawing);
            }
            throw e;
        }
    }

    private void undo(RedisUsers users, RedisUser user) {
        List<String> hashes = user.passwordHashes();
        if (hashes.size() < 2) {
            throw new StateException(Reason.CONFLICT, name + " has one password; there is nothing to undo");
        }
        users.withdrawPasswords(name, hashes.subList(hashes.size() - 1, hashes.size()));
        if (json) {
            print(JsonText.object(out -> {
                out.writeStringProperty("name", name);
                out.writeNumberProperty("passwords_removed", 1);
            }));
        } else {
            print(name + ": the newest password is good no more.");
        }
    }

    private void finish(RedisUsers users, RedisUser user) {
        List<String> hashes = user.passwordHashes();
        List<String> old = hashes.subList(0, Math.max(0, hashes.size() - 1));
        long cut = old.isEmpty() ? 0 : users.removePasswords(name, old);
        if (json) {
            print(JsonText.object(out -> {
                out.writeStringProperty("name", name);
                out.writeNumberProperty("passwords_removed", old.size());
                out.writeNumberProperty("connections_cut", cut);
            }));
        } else {
            print(
                    old.isEmpty()
                            ? name + " has one password; nothing to finish."
                            : name + ": " + Text.count(old.size(), "old password") + " removed, "
                                    + Text.count(cut, "connection") + " cut.");
        }
    }
}
