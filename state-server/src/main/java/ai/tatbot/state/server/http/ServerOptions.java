package ai.tatbot.state.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens, and whom it lets in. Immutable, and checked: whatever would be open to strangers is refused here.
 *
 * @param host name or address to listen on
 * @param port TCP port; 0 for a free one
 * @param address the host's address, found when this was made
 * @param tokens token file; null for none, on loopback only
 * @param publicHosts further names by which clients may call the server, {@code name} or {@code name:port}
 * @param origins foreign origins whose pages may call it, such as {@code https://ook.example}
 * @param embedOrigins foreign origins whose pages may show its panels in a frame
 * @param tls certificate and key; null for plain HTTP
 * @param rate requests per second of one principal
 * @param maxConnections connections at a time
 * @param maxConnectionsPerAddress connections at a time of one address that is not loopback
 * @param maxStreams streams at a time of one principal
 * @param allowSetState whether stored state may be overwritten, by whoever has the scope {@code admin}
 */
public record ServerOptions(
        String host,
        int port,
        InetAddress address,
        @Nullable Path tokens,
        List<String> publicHosts,
        List<String> origins,
        List<String> embedOrigins,
        @Nullable TlsFiles tls,
        int rate,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxStreams,
        boolean allowSetState) {
    /** Port that is used if none is given. */
    public static final int DEFAULT_PORT = 8765;

    /** Host that is used if none is given. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern NAME =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final Pattern ORIGIN = Pattern.compile("https?://" + NAME.pattern());

    /**
     * PEM files.
     *
     * @param certificate certificate, and behind it those up to the authority
     * @param key its key, PKCS #8
     */
    public record TlsFiles(Path certificate, Path key) {}

    /** Options for a test or a demo: loopback, without tokens. */
    public static ServerOptions loopback(int port) {
        return builder().port(port).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether nobody but this machine can reach it. */
    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return tls == null ? "http" : "https";
    }

    /** How it is reached at this port, from this machine if it listens on all addresses. */
    public String url(int actualPort) {
        String shown = address.isAnyLocalAddress() ? LOOPBACK : host;
        boolean bare = shown.indexOf(':') >= 0 && !shown.startsWith("[");
        return scheme() + "://" + (bare ? "[" + shown + "]" : shown) + ":" + actualPort;
    }

    /** Makes them; what is not set is as it is for a server on loopback. */
    public static final class Builder {
        private String host = LOOPBACK;
        private int port = DEFAULT_PORT;
        private @Nullable Path tokens;
        private List<String> publicHosts = List.of();
        private List<String> origins = List.of();
        private List<String> embedOrigins = List.of();
        private @Nullable Path certificate;
        private @Nullable Path key;
        private int rate = 1_000;
        private int maxConnections = 2_048;
        private int maxConnectionsPerAddress = 256;
        private int maxStreams = 1_536;
        private boolean allowSetState;
        private boolean insecureHttp;

        private Builder() {}

        public Builder host(String value) {
            this.host = value;
            return this;
        }

        public Builder port(int value) {
            this.port = value;
            return this;
        }

        public Builder tokens(@Nullable Path value) {
            this.tokens = value;
            return this;
        }

        public Builder publicHosts(List<String> value) {
            this.publicHosts = value;
            return this;
        }

        public Builder origins(List<String> value) {
            this.origins = value;
            return this;
        }

        public Builder embedOrigins(List<String> value) {
            this.embedOrigins = value;
            return this;
        }

        /** PEM files; both or neither. */
        public Builder tls(@Nullable Path certificateFile, @Nullable Path keyFile) {
            this.certificate = certificateFile;
            this.key = keyFile;
            return this;
        }

        public Builder rate(int value) {
            this.rate = value;
            return this;
        }

        public Builder maxConnections(int value) {
            this.maxConnections = value;
            return this;
        }

        public Builder maxConnectionsPerAddress(int value) {
            this.maxConnectionsPerAddress = value;
            return this;
        }

        public Builder maxStreams(int value) {
            this.maxStreams = value;
            return this;
        }

        public Builder allowSetState(boolean value) {
            this.allowSetState = value;
            return this;
        }

        /** Whether tokens may cross a network in the clear. */
        public Builder insecureHttp(boolean value) {
            this.insecureHttp = value;
            return this;
        }

        /** @throws IllegalArgumentException if they do not fit together; the message says what to do */
        public ServerOptions build() {
            require(port >= 0 && port <= HIGHEST_PORT, "--port must be from 0 to 65535, was " + port);
            require(rate >= 1 && rate <= 1_000_000, "--rate must be from 1 to 1000000, was " + rate);
            atLeastOne("--max-connections", maxConnections);
            atLeastOne("--max-connections-per-address", maxConnectionsPerAddress);
            atLeastOne("--max-streams", maxStreams);
            publicHosts.forEach(name -> require(
                    NAME.matcher(name).matches(),
                    "--public-host takes a name or an address, with :PORT behind it if it is another than the"
                            + " server's, such as eek or tatbot.example:443"));
            origins.forEach(checkOrigin("--allow-origin"));
            embedOrigins.forEach(checkOrigin("--embed-origin"));
            InetAddress address = resolve(host);
            if (!address.isLoopbackAddress()) {
                checkReachable();
            }
            require(
                    !allowSetState || tokens != null,
                    "--allow-set-state needs --tokens FILE: overwriting takes a token with the scope admin");
            return new ServerOptions(
                    host,
                    port,
                    address,
                    tokens,
                    lowerCase(publicHosts),
                    lowerCase(origins),
                    lowerCase(embedOrigins),
                    tls(),
                    rate,
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxStreams,
                    allowSetState);
        }

        private void checkReachable() {
            require(
                    tokens != null,
                    "--host " + host + " can be reached by other machines, and without tokens whoever reaches it reads"
                            + " everything and publishes what they like. Make a token: tatbot-state token new NAME"
                            + " --scope read --file FILE. Then add --tokens FILE");
            require(
                    certificate != null || insecureHttp,
                    "--host " + host
                            + " can be reached by other machines, and without TLS everyone on the way reads the"
                            + " tokens. Add --tls-cert FILE --tls-key FILE, or, where the network is trusted or"
                            + " something before the server does TLS, --insecure-http");
        }

        private @Nullable TlsFiles tls() {
            require((certificate == null) == (key == null), "--tls-cert and --tls-key go together");
            return certificate == null || key == null ? null : new TlsFiles(certificate, key);
        }

        private static InetAddress resolve(String host) {
            require(!host.isBlank(), "--host is empty");
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("--host: no address is known for it", e);
            }
        }

        private static Consumer<String> checkOrigin(String flag) {
            return origin -> {
                require(
                        ORIGIN.matcher(origin).matches(),
                        flag + " takes an origin as browsers send it, such as https://ook.example:8443: no path, no *");
                require(
                        !origin.endsWith(origin.startsWith("https:") ? ":443" : ":80"),
                        flag + ": browsers leave out :443 of https and :80 of http, so leave it out");
            };
        }

        private static List<String> lowerCase(List<String> names) {
            return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        }

        private static void atLeastOne(String flag, int value) {
            require(value >= 1, flag + " must be at least 1, was " + value);
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
