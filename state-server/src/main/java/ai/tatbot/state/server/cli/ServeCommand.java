package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.http.StatusServer;
import ai.tatbot.state.server.redis.PrivateRedis;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Runs the HTTP server. */
@CommandLine.Command(
        name = "serve",
        header = "Serve the status of the fleet over HTTP.",
        description = {
            "Serves /healthz (the process is alive), /readyz (Redis answers), and /api/v1/status (nodes, current session,"
                    + " Redis).",
            "It listens on 127.0.0.1 only, and there is no option for another address yet: it does not ask who is calling, so"
                    + " whoever reaches it sees the whole fleet. To reach it from elsewhere: ssh -L 8765:127.0.0.1:8765 eek",
            "It ends sessions whose writer has died, and tells of nodes that have gone.",
            "It starts while Redis is away, and recovers by itself. Nodes of older versions appear within about ten seconds. If no Redis is named, neither by --redis nor in the"
                    + " environment, it starts a private, empty one, and says so."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state serve --redis redis://127.0.0.1",
            "  tatbot-state serve --port 9000",
            "  curl http://127.0.0.1:8765/api/v1/status",
        })
final class ServeCommand extends Command {
    /** How long closing may take when the process is told to end. */
    private static final long CLOSE_SECONDS = 4;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8765",
            description = "TCP port on 127.0.0.1; 0 for a free one. Default: 8765.")
    int port;

    ServeCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw CliException.usage("--port must be from 0 to 65535, was " + port);
        }
        if (connection.isGiven(environment())) {
            return serve(ConnectionOptions.build(options()));
        }
        if (connection.passwordFile != null) {
            throw CliException.usage("--password-file goes with a Redis: name it by --redis or REDIS_URL.");
        }
        try (PrivateRedis redis = PrivateRedis.start(environment())) {
            warn(redis);
            StateOptions.Builder options = redis.options().nodeId(ConnectionOptions.CLI_NODE);
            return serve(ConnectionOptions.build(
                    connection.namespace == null ? options : options.namespace(connection.namespace)));
        }
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

    private ExitCode serve(StateOptions options) throws InterruptedException {
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
        try (StatusServer server = StatusServer.start(options, port)) {
            Runtime.getRuntime().addShutdownHook(onSignal);
            if (json) {
                print(JsonText.object(out -> {
                    out.writeStringProperty("url", server.url());
                    out.writeStringProperty("redis", options.address());
                }));
            } else {
                print("Serving " + server.url() + " with Redis at " + options.address() + ". Ctrl-C ends it.");
            }
            told.await();
        } finally {
            over.countDown();
        }
        return ExitCode.DONE;
    }
}
