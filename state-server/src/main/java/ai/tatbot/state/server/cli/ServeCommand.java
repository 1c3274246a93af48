package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.redis.PrivateRedis;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.supervision.ServiceManager;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Runs the HTTP server. */
@CommandLine.Command(
        name = "serve",
        header = "Serve the status of the fleet over HTTP.",
        description = {
            "One process for everyone who looks at the fleet: a live page at /, the API at /api/v1, MCP for language models at"
                    + " /mcp, metrics at /metrics, /healthz (it lives) and /readyz (it knows the fleet's state).",
            "Without --tokens it listens on loopback only, and whoever reaches it may read and publish. To reach it from elsewhere:"
                    + " make tokens, or use ssh -L 8765:127.0.0.1:8765 eek",
            "It ends sessions whose writer has died, and tells of nodes that have gone.",
            "It starts while Redis is away, and recovers by itself. Nodes of older versions appear within about ten seconds. If no"
                    + " Redis is named, neither by --redis nor in the environment, it starts a private, empty one, and says so."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state serve --redis redis://127.0.0.1",
            "  tatbot-state serve --port 9000",
            "  curl http://127.0.0.1:8765/api/v1/status",
        })
final class ServeCommand extends Command {
    /** Name of the server among the nodes, unless STATE_NODE_ID says otherwise. */
    static final String NODE = "server";

    /** How long closing may take when the process is told to end. */
    private static final long CLOSE_SECONDS = 4;

    @Mixin
    final ServerFlags flags = new ServerFlags();

    ServeCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws InterruptedException {
        ServerOptions server = flags.resolve(environment());
        if (connection.isGiven(environment())) {
            return serve(named(options()), server);
        }
        if (connection.passwordFile != null) {
            throw CliException.usage("--password-file goes with a Redis: name it by --redis or REDIS_URL.");
        }
        try (PrivateRedis redis = PrivateRedis.start(environment())) {
            warn(redis);
            StateOptions.Builder options = redis.options().nodeId(NODE);
            return serve(connection.namespace == null ? options : options.namespace(connection.namespace), server);
        }
    }

    private StateOptions.Builder named(StateOptions.Builder options) {
        return environment().getOrDefault("STATE_NODE_ID", "").isBlank() ? options.nodeId(NODE) : options;
    }

    private void warn(PrivateRedis redis) {
        String message = "No Redis is named (--redis, REDIS_URL or REDIS_HOST). Serving a private, empty one at "
                + redis.address()
                + " that no other machine can reach, and that is gone with this process. Its password is in "
                + redis.passwordFile() + ".";
        terminal()
                .err()
                .println(
                        json
                                ? JsonText.object(out -> out.writeStringProperty("notice", message))
                                : terminal().styled(message, Style.YELLOW));
    }

    private ExitCode serve(StateOptions.Builder options, ServerOptions how) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> {
            told.countDown();
            try {
                over.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String redis = ConnectionOptions.build(options).address();
        try (StateServer server = start(options, how);
                ServiceManager manager = ServiceManager.of(environment(), server::isWorking)) {
            manager.ready();
            Runtime.getRuntime().addShutdownHook(onSignal);
            if (json) {
                print(JsonText.object(out -> {
                    out.writeStringProperty("url", server.url());
                    out.writeStringProperty("redis", redis);
                }));
            } else {
                print("Serving " + server.url() + " with Redis at " + redis + ". Ctrl-C ends it.");
            }
            told.await();
        } finally {
            over.countDown();
        }
        return ExitCode.DONE;
    }

    private static StateServer start(StateOptions.Builder options, ServerOptions how) {
        try {
            return StateServer.start(options, how, Manual::site);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }
}
