package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.http.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the HTTP server listens, and whom it lets in. */
final class ServerFlags {
    /** Variable that names the token file, for all commands that use it. */
    static final String TOKENS_FILE = "STATE_TOKENS_FILE";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = ServerOptions.LOOPBACK,
            description =
                    "Name or address to listen on; 0.0.0.0 for all. Beyond loopback it needs --tokens, and --tls-cert"
                            + " or --insecure-http. Default: 127.0.0.1.")
    String host = ServerOptions.LOOPBACK;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8765",
            description = "TCP port; 0 for a free one. Default: 8765.")
    int port = ServerOptions.DEFAULT_PORT;

    @Nullable
    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description =
                    "File of tokens: only who shows one is let in. tatbot-state token makes it; changes apply within a"
                            + " second. Without it: STATE_TOKENS_FILE, or no tokens, on loopback only.")
    Path tokens;

    @Option(
            names = "--public-host",
            paramLabel = "NAME",
            description =
                    "A further name by which clients call the server: eek, or tatbot.example:443 behind a proxy. Other"
                            + " names are refused. Repeatable.")
    List<String> publicHosts = List.of();

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "A foreign origin whose pages may call the server, such as https://ook.example. Repeatable.")
    List<String> origins = List.of();

    @Option(
            names = "--embed-origin",
            paramLabel = "ORIGIN",
            description = "A foreign origin whose pages may show panels (/embed/...) in a frame. Repeatable.")
    List<String> embedOrigins = List.of();

    @Nullable
    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Serve by TLS, 1.2 or later: certificate and chain, PEM. A new one is used without a restart.")
    Path tlsCertificate;

    @Nullable
    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key: PEM, PKCS #8, without a password.")
    Path tlsKey;

    @Option(
            names = "--insecure-http",
            description = "Listen beyond loopback without TLS: everyone on the way can read the tokens.")
    boolean insecureHttp;

    @Option(
            names = "--allow-set-state",
            description = "Let tokens with the scope admin overwrite stored state. Needs --tokens.")
    boolean allowSetState;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Requests per second of one token; more get 429. Default: 1000.")
    int rate;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Connections at a time. Default: 2048.")
    int maxConnections;

    @Option(
            names = "--max-connections-per-address",
            paramLabel = "N",
            defaultValue = "256",
            description = "Connections at a time of one address other than loopback. Default: 256.")
    int maxConnectionsPerAddress;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            defaultValue = "1536",
            description = "Streams of events at a time of one token. Default: 1536.")
    int maxStreams;

    /** What they and the environment say, checked. */
    ServerOptions resolve(Map<String, String> environment) {
        try {
            return ServerOptions.builder()
                    .host(host)
                    .port(port)
                    .tokens(tokens(tokens, environment))
                    .publicHosts(publicHosts)
                    .origins(origins)
                    .embedOrigins(embedOrigins)
                    .tls(tlsCertificate, tlsKey)
                    .rate(rate)
                    .maxConnections(maxConnections)
                    .maxConnectionsPerAddress(maxConnectionsPerAddress)
                    .maxStreams(maxStreams)
                    .allowSetState(allowSetState)
                    .insecureHttp(insecureHttp)
                    .build();
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    /** The token file that was given, or that the environment names; null for none. */
    static @Nullable Path tokens(@Nullable Path given, Map<String, String> environment) {
        String named = environment.getOrDefault(TOKENS_FILE, "");
        if (given != null || named.isBlank()) {
            return given;
        }
        return Path.of(named);
    }
}
