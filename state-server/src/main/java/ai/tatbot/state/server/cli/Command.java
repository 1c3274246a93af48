package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import picocli.CommandLine.Mixin;

/** What all commands that reach Redis have in common. */
abstract class Command extends LocalCommand {
    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    Command(Context context) {
        super(context);
    }

    /** Options by which this command reaches Redis. */
    final StateOptions.Builder options() {
        return connection.resolve(environment());
    }

    /** Connects. The caller closes it. */
    final StateManager connect() {
        return StateManager.connect(ConnectionOptions.build(options()));
    }
}
