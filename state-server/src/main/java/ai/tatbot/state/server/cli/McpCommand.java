package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.mcp.McpCalls;
import ai.tatbot.state.server.mcp.McpEndpoint;
import ai.tatbot.state.server.operation.AuditTrail;
import ai.tatbot.state.server.operation.Operations;
import java.util.EnumSet;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Serves one language model's client over standard input and output. */
@CommandLine.Command(
        name = "mcp",
        header = "Serve the fleet to one language model's client, over standard input and output.",
        description = {
            "Speaks the Model Context Protocol: a client starts it, writes to its standard input and reads from its standard"
                    + " output, on which there is nothing else. It ends when its input does.",
            "It offers what serve offers at /mcp. Whoever starts it knows the password of Redis, so it asks for no token.",
            "It starts while Redis is away, and recovers by itself."
        },
        footer = {
            "",
            "In the settings of a client:",
            "  {\"command\": \"ops/tatbot-state\", \"args\": [\"mcp\", \"--redis\", \"redis://eek\"],",
            "   \"env\": {\"REDIS_PASSWORD_FILE\": \"...\"}}",
        })
final class McpCommand extends Command {
    @Option(
            names = "--allow-set-state",
            description = "Offer the tool set_state, too, which overwrites stored documents.")
    boolean allowSetState;

    McpCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        if (!connection.isGiven(environment())) {
            throw CliException.usage(
                    "Which Redis? Name it by --redis, REDIS_URL or REDIS_HOST: a private one, as others start, would be empty");
        }
        StateOptions.Builder options = options();
        EnumSet<Scope> scopes = EnumSet.of(Scope.READ, Scope.PUBLISH);
        if (allowSetState) {
            scopes.add(Scope.ADMIN);
        }
        try (LiveFleet fleet = LiveFleet.start(options);
                McpEndpoint mcp = new McpEndpoint(
                        new Operations(fleet, allowSetState, AuditTrail.logged()), fleet, McpCalls.IGNORED)) {
            mcp.serve(new Principal("stdio", scopes), context().in(), terminal().out());
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
        return ExitCode.DONE;
    }
}
