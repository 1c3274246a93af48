package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.redis.PrivateRedis;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/**
 * Does once what {@code serve} does when it starts and is asked for the first time, so that the JVM can write down which classes that takes
 * ({@code -XX:ArchiveClassesAtExit}). Run by the launcher after a build.
 */
@CommandLine.Command(name = "train", hidden = true, header = "Load what serve loads, for a class-data archive.")
final class TrainCommand extends Command {
    private static final int PATIENCE_MILLIS = 10_000;

    private static final List<String> PATHS = List.of(
            "/healthz",
            "/readyz",
            "/",
            "/api/v1/status",
            "/api/v1/state",
            "/api/v1/state/robot:state:hog",
            "/metrics",
            "/docs/index.html",
            "/nothing");

    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"train\",\"version\":\"1\"}}}";

    TrainCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws IOException {
        try (PrivateRedis redis = PrivateRedis.start(environment());
                StateServer server = StateServer.start(
                        redis.options().nodeId(ServeCommand.NODE), ServerOptions.loopback(0), Manual::site)) {
            for (String path : PATHS) {
                ask(server.url() + path, "");
            }
            ask(server.url() + "/mcp", INITIALIZE);
            print("trained");
        }
        return ExitCode.DONE;
    }

    /** What is answered does not matter. */
    private static void ask(String url, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setReadTimeout(PATIENCE_MILLIS);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Accept", "application/json, text/event-stream");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        connection.getResponseCode();
        connection.disconnect();
    }
}
