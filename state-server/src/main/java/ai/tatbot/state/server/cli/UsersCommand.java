package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.server.rights.RedisUsers;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Roles;
import java.util.stream.Collectors;

/** What the commands that manage users of Redis have in common. */
abstract class UsersCommand extends Command {
    UsersCommand(Context context) {
        super(context);
    }

    /** The users of the Redis that the command line or the environment names. The caller closes it. */
    final RedisUsers users() {
        return RedisUsers.of(ConnectionOptions.build(options()), this::replica);
    }

    private StateOptions replica(Address address) {
        StateOptions.Builder options = options();
        boolean tls = ConnectionOptions.build(options()).tls();
        return ConnectionOptions.build(options.url((tls ? "rediss://" : "redis://") + address));
    }

    static Role role(String name) {
        return Roles.packaged()
                .find(name)
                .orElseThrow(() -> CliException.usage("--role must be one of "
                        + Roles.packaged().all().stream().map(Role::name).collect(Collectors.joining(", "))));
    }
}
