package ai.tatbot.state.server.http;

import ai.tatbot.state.server.access.AccessControl;
import ai.tatbot.state.server.access.TokenFile;
import ai.tatbot.state.server.access.TokenFileException;
import ai.tatbot.state.server.http.guard.GuardHandler;
import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/** How the server listens: address, TLS, limits, and the guard before everything. */
public final class Listener {
    /** Longest request line and headers, together. */
    private static final int LARGEST_HEADERS = 8_192;

    /** How long nothing at all may happen on a connection. Streams send a heartbeat more often than that. */
    private static final long IDLE_MILLIS = 30_000;

    /** The same while there are as many connections as there may be. */
    private static final long IDLE_WHEN_FULL_MILLIS = 5_000;

    private static final long HEADERS_MILLIS = 10_000;

    /** How long requests under way may take when the server stops; with what comes before and after, within 5 s. */
    private static final long STOP_MILLIS = 3_000;

    private final ServerOptions options;
    private final GuardHandler guard;
    private volatile @Nullable Certificate certificate;

    private Listener(ServerOptions options, AccessControl access) {
        this.options = options;
        this.guard = new GuardHandler(options, access);
    }

    /**
     * Reads the token file.
     *
     * @throws IllegalArgumentException if a file is no good; the message says why
     */
    public static Listener of(ServerOptions options) {
        Path tokens = options.tokens();
        try {
            return new Listener(
                    options, tokens == null ? AccessControl.withoutTokens() : AccessControl.of(TokenFile.open(tokens)));
        } catch (TokenFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** What stands before the routes. */
    public GuardHandler guard() {
        return guard;
    }

    /**
     * Sets up the server that Javalin will make.
     *
     * @throws IllegalArgumentException when the server starts, if a file for TLS is no good
     */
    public void install(JavalinConfig config) {
        // The guard has refused what is larger; Javalin would refuse a little less.
        config.http.maxRequestSize = GuardHandler.LARGEST_BODY;
        JettyConfig jetty = config.jetty;
        jetty.modifyHttpConfiguration(Listener::configure);
        jetty.addConnector(this::connector);
        jetty.modifyServer(server -> {
            server.setErrorHandler(guard.errorHandler());
            server.setStopTimeout(STOP_MILLIS);
            // Javalin hangs its own handler below the last of these.
            server.insertHandler(guard);
        });
    }

    /** How it is reached at this port. */
    public String url(int port) {
        return options.url(port);
    }

    /** When the certificate expires; empty without TLS, and before the server was started. */
    public Optional<Instant> certificateExpiry() {
        return Optional.ofNullable(certificate).map(Certificate::expiry);
    }

    private static void configure(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setRequestHeaderSize(LARGEST_HEADERS);
        http.addCustomizer(new SecureRequestCustomizer(false));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = options.tls() == null
                ? connector(server, new HttpConnectionFactory(http))
                : encrypted(server, http, options.tls());
        connector.setHost(options.address().getHostAddress());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.addBean(new SlowRequests(connector.getScheduler(), HEADERS_MILLIS));
        connector.addBean(new ConnectionsPerAddress(options.maxConnectionsPerAddress()));
        NetworkConnectionLimit limit = new NetworkConnectionLimit(options.maxConnections(), connector);
        limit.setEndPointIdleTimeout(IDLE_WHEN_FULL_MILLIS);
        server.addBean(limit);
        return connector;
    }

    private ServerConnector encrypted(Server server, HttpConfiguration http, ServerOptions.TlsFiles files) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        Certificate shown = new Certificate(files, server.getScheduler());
        ServerConnector connector =
                connector(server, new SslConnectionFactory(shown.factory(), plain.getProtocol()), plain);
        connector.addBean(shown);
        certificate = shown;
        return connector;
    }

    private static ServerConnector connector(Server server, ConnectionFactory... protocols) {
        return new ServerConnector(server, null, null, new UnsharedBuffers(), -1, -1, protocols);
    }
}
