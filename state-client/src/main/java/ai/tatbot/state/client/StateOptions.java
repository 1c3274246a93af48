package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.Login;
import ai.tatbot.state.client.internal.TlsContext;
import ai.tatbot.state.model.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Redis is, who this node is, and how long anything may take. Immutable; made by {@link #builder()} or {@link
 * #fromEnvironment()}. {@link #toString()} shows no password.
 */
public final class StateOptions {
    private static final Logger LOG = LoggerFactory.getLogger(StateOptions.class);
    private static final Pattern PRIMARY_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,256}");
    private static final Pattern NAMESPACE = Pattern.compile("|[A-Za-z0-9_.-]{1,64}|\\{[A-Za-z0-9_.-]{1,64}}");

    private final String host;
    private final int port;
    private final List<Address> sentinels;
    private final @Nullable String primaryName;
    private final @Nullable String sentinelUsername;
    private final @Nullable Secret sentinelPassword;
    private final @Nullable Path sentinelPasswordFile;
    private final boolean tls;
    private final @Nullable Path tlsCaFile;
    private final @Nullable Path tlsCertFile;
    private final @Nullable Path tlsKeyFile;
    private final int database;
    private final @Nullable String username;
    private final @Nullable Secret password;
    private final @Nullable Path passwordFile;
    private final String nodeId;
    private final String namespace;
    private final Duration connectTimeout;
    private final Duration timeout;
    private final int replicas;
    private final Duration replicaTimeout;
    private final int maxConnections;
    private final int retryAttempts;
    private final Duration retryDelay;
    private final Duration maxRetryDelay;
    private final Duration heartbeatInterval;
    private final Duration sessionLease;
    private final int publisherQueue;
    private final Duration publisherCloseTimeout;
    private final Duration abandonedAfter;
    private final Duration reapInterval;
    private final boolean reaping;
    private final Consumer<Problem> problemListener;

    private StateOptions(Builder from) {
        this.host = from.host;
        this.port = from.port;
        this.sentinels = from.sentinels;
        this.primaryName = from.primaryName;
        this.sentinelUsername = from.sentinelUsername;
        this.sentinelPassword = from.sentinelPassword;
        this.sentinelPasswordFile = from.sentinelPasswordFile;
        this.tls = from.tls;
        this.tlsCaFile = from.tlsCaFile;
        this.tlsCertFile = from.tlsCertFile;
        this.tlsKeyFile = from.tlsKeyFile;
        this.database = from.database;
        this.username = from.username;
        this.password = from.password;
        this.passwordFile = from.passwordFile;
        this.nodeId = from.nodeId;
        this.namespace = from.namespace;
        this.connectTimeout = from.connectTimeout;
        this.timeout = from.timeout;
        this.replicas = from.replicas;
        this.replicaTimeout = from.replicaTimeout;
        this.maxConnections = from.maxConnections;
        this.retryAttempts = from.retryAttempts;
        this.retryDelay = from.retryDelay;
        this.maxRetryDelay = from.maxRetryDelay;
        this.heartbeatInterval = from.heartbeatInterval;
        this.sessionLease = from.sessionLease;
        this.publisherQueue = from.publisherQueue;
        this.publisherCloseTimeout = from.publisherCloseTimeout;
        this.abandonedAfter = from.abandonedAfter;
        this.reapInterval = from.reapInterval;
        this.reaping = from.reaping;
        this.problemListener = from.problemListener;
    }

    /** Options with every default: Redis on localhost without a password, as the node {@code unknown}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Options from the variables of the process; {@code ops/state.example.env} describes them all.
     *
     * @throws IllegalArgumentException if a variable cannot be read; the message names it
     */
    public static Builder fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * Options from these variables.
     *
     * @throws IllegalArgumentException if a variable cannot be read; the message names it
     */
    public static Builder fromEnvironment(Map<String, String> variables) {
        return Environment.read(variables);
    }

    /** Host of Redis, unless there are {@link #sentinels()}. Default: {@code localhost}. */
    public String host() {
        return host;
    }

    /** Port of Redis, unless there are {@link #sentinels()}. Default: 6379. */
    public int port() {
        return port;
    }

    /** The sentinels to ask where the primary is; empty for a Redis named by host and port. Default: empty. */
    public List<Address> sentinels() {
        return sentinels;
    }

    /** Name by which the sentinels know the primary; present if there are {@link #sentinels()}. */
    public Optional<String> primaryName() {
        return Optional.ofNullable(primaryName);
    }

    /** ACL user at the sentinels; empty for the default user. */
    public Optional<String> sentinelUsername() {
        return Optional.ofNullable(sentinelUsername);
    }

    /** Password of the sentinels themselves, as it was given or read; empty for none. */
    public Optional<Secret> sentinelPassword() {
        return Optional.ofNullable(sentinelPassword);
    }

    /** File that {@link #sentinelPassword()} was read from, and is read from again; empty if it was given. Default: empty. */
    public Optional<Path> sentinelPasswordFile() {
        return Optional.ofNullable(sentinelPasswordFile);
    }

    /** Whether connections, to sentinels too, are TLS, with the certificate and host name verified. Default: no. */
    public boolean tls() {
        return tls;
    }

    /** PEM file of the certificates to trust; empty for those that Java trusts. Default: empty. */
    public Optional<Path> tlsCaFile() {
        return Optional.ofNullable(tlsCaFile);
    }

    /** PEM file of the certificate that this node shows; present together with {@link #tlsKeyFile()}. Default: empty. */
    public Optional<Path> tlsCertFile() {
        return Optional.ofNullable(tlsCertFile);
    }

    /** PEM file of the key of {@link #tlsCertFile()}. Default: empty. */
    public Optional<Path> tlsKeyFile() {
        return Optional.ofNullable(tlsKeyFile);
    }

    /** Number of the database. Default: 0. */
    public int database() {
        return database;
    }

    /** ACL user; empty for the default user. */
    public Optional<String> username() {
        return Optional.ofNullable(username);
    }

    /** Password, as it was given or read; empty for none. */
    public Optional<Secret> password() {
        return Optional.ofNullable(password);
    }

    /** File that {@link #password()} was read from, and is read from again; empty if it was given. Default: empty. */
    public Optional<Path> passwordFile() {
        return Optional.ofNullable(passwordFile);
    }

    /** Name of this node, such as {@code hog}. Default: {@code unknown}. */
    public String nodeId() {
        return nodeId;
    }

    /** Prefix of every key and channel, without its colon; empty for none. Default: none, as older nodes expect. */
    public String namespace() {
        return namespace;
    }

    /** How long a connection may take to be made. Default: 300 ms. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long Redis may take to answer, and a call may wait for a free connection. Default: 2 s. */
    public Duration timeout() {
        return timeout;
    }

    /** How many replicas must confirm each write; 0 for none. Default: 0. */
    public int replicas() {
        return replicas;
    }

    /** How long a write waits for its {@link #replicas()}. Default: 500 ms. */
    public Duration replicaTimeout() {
        return replicaTimeout;
    }

    /** How many connections a manager may have for its calls; each subscription has one of its own. Default: 20. */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * How often a read is tried in all, while Redis cannot be reached or is loading. Default: 3. A position whose connection broke
     * is sent once more on a new connection, so it may be stored twice, with two revisions. Any other write is tried once, and
     * fails at once where Redis is away, so that a control loop is not held up.
     *
     * <p>With sentinels, any call that was not sent is tried once more if they name a primary that answers, and one that a
     * replica refused goes to the new primary as soon as there is one, within {@link #timeout()}: neither was stored before.
     */
    public int retryAttempts() {
        return retryAttempts;
    }

    /** Longest wait before the second attempt; doubles with each further one. Default: 20 ms. */
    public Duration retryDelay() {
        return retryDelay;
    }

    /** Longest wait between two attempts while Redis is away; where it refuses who asks, up to 10 s. Default: 500 ms. */
    public Duration maxRetryDelay() {
        return maxRetryDelay;
    }

    /** Time between two heartbeats. Default: 30 s, at most half the lifetime of a heartbeat. */
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    /**
     * How long a session's writer is presumed alive after its last sign of life; it gives one three times as often, whether it
     * draws or not. To be the same on all nodes. Default: 10 s.
     */
    public Duration sessionLease() {
        return sessionLease;
    }

    /** How many transitions may wait in a {@link StatePublisher}. Default: 10,000. */
    public int publisherQueue() {
        return publisherQueue;
    }

    /** How long closing a {@link StatePublisher} may take to send what waits. Default: 1 s. */
    public Duration publisherCloseTimeout() {
        return publisherCloseTimeout;
    }

    /** How long a session of an older node, which has no lease, may be silent until a {@link Reaper} ends it. Default: 10 min. */
    public Duration abandonedAfter() {
        return abandonedAfter;
    }

    /** Time between two looks of a {@link Reaper}, a quarter more or less; at most a quarter of the lease. Default: 1 s. */
    public Duration reapInterval() {
        return reapInterval;
    }

    /**
     * Whether this node tells the fleet of other nodes and writers that are dead, where something runs a {@link Reaper} by itself: a
     * {@code HealthReporter}, the server. Default: yes.
     */
    public boolean reaping() {
        return reaping;
    }

    /** Told of what went wrong in the background. Must be quick and thread-safe. Default: a warning in the log. */
    public Consumer<Problem> problemListener() {
        return problemListener;
    }

    /** Where Redis is, for people: host and port; or those of the sentinels, and the name of the primary. No credentials. */
    public String address() {
        return primaryName == null ? new Address(host, port).toString() : addresses() + "#" + primaryName;
    }

    private String addresses() {
        return sentinels.stream().map(Address::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return "StateOptions[" + (tls ? "rediss" : "redis") + (primaryName == null ? "://" : "-sentinel://")
                + (username == null ? "" : username + "@")
                + (primaryName == null ? address() : addresses())
                + "/"
                + database + (primaryName == null ? "" : "#" + primaryName) + ", password "
                + (password == null ? "none" : "set") + ", node " + nodeId
                + (namespace.isEmpty() ? "" : ", namespace " + namespace) + "]";
    }

    /**
     * Where a server listens.
     *
     * @param host name or address; an IPv6 address without brackets
     * @param port from 1 to 65535
     */
    public record Address(String host, int port) {
        static final int SENTINEL_PORT = 26379;

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A password, which does not show itself. */
    public static final class Secret {
        private final String value;

        Secret(String value) {
            this.value = value;
        }

        /** The password itself. */
        public String reveal() {
            return value;
        }

        @Override
        public String toString() {
            return "****";
        }
    }

    /** Builds {@link StateOptions}. Not thread-safe. */
    public static final class Builder {
        private String host = "localhost";
        private int port = 6379;
        private List<Address> sentinels = List.of();
        private @Nullable String primaryName;
        private @Nullable String sentinelUsername;
        private @Nullable Secret sentinelPassword;
        private @Nullable Path sentinelPasswordFile;
        private boolean tls;
        private @Nullable Path tlsCaFile;
        private @Nullable Path tlsCertFile;
        private @Nullable Path tlsKeyFile;
        private int database;
        private @Nullable String username;
        private @Nullable Secret password;
        private @Nullable Path passwordFile;
        private String nodeId = "unknown";
        private String namespace = "";
        private Duration connectTimeout = Duration.ofMillis(300);
        private Duration timeout = Duration.ofSeconds(2);
        private int replicas;
        private Duration replicaTimeout = Duration.ofMillis(500);
        private int maxConnections = 20;
        private int retryAttempts = 3;
        private Duration retryDelay = Duration.ofMillis(20);
        private Duration maxRetryDelay = Duration.ofMillis(500);
        private Duration heartbeatInterval = Duration.ofSeconds(30);
        private Duration sessionLease = Duration.ofSeconds(10);
        private int publisherQueue = 10_000;
        private Duration publisherCloseTimeout = Duration.ofSeconds(1);
        private Duration abandonedAfter = Duration.ofMinutes(10);
        private Duration reapInterval = Duration.ofSeconds(1);
        private boolean reaping = true;
        private Consumer<Problem> problemListener =
                problem -> LOG.warn("{} {}: {}", problem.kind(), problem.source(), problem.message());

        private Builder() {}

        /**
         * Takes host, port, TLS, user, password and database from a URL: {@code redis://} or {@code rediss://} (TLS), {@code
         * [user:password@]host[:port][/database]}. Without a port it means 6379, without a database 0; a user or password that it
         * does not give stays as it is.
         *
         * <p>With sentinels: {@code redis-sentinel://} or {@code rediss-sentinel://} (TLS), {@code
         * [user:password@]host[:port],host[:port]...[/database]#primary-name}; {@code ?sentinelMasterId=primary-name} is understood,
         * too. The hosts are the sentinels, port 26379 if none is given; user and password are those of Redis.
         *
         * @throws IllegalArgumentException if the URL is malformed or of an unsupported kind; the message shows no password
         */
        public Builder url(String url) {
            RedisUrl.parse(url).applyTo(this);
            return this;
        }

        public Builder host(String host) {
            this.host = host;
            return this;
        }

        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /**
         * Sentinels to ask where the primary is, instead of a host and port of Redis.
         *
         * @param primaryName name by which they know it, such as {@code tatbot}
         * @param sentinels at least one; those that do not answer are passed over
         */
        public Builder sentinels(String primaryName, List<Address> sentinels) {
            this.primaryName = primaryName;
            this.sentinels = List.copyOf(sentinels);
            return this;
        }

        Builder noSentinels() {
            this.primaryName = null;
            this.sentinels = List.of();
            return this;
        }

        /** ACL user at the sentinels; null or empty for the default user. */
        public Builder sentinelUsername(@Nullable String username) {
            this.sentinelUsername = username == null || username.isEmpty() ? null : username;
            return this;
        }

        /** Password of the sentinels themselves; null or empty for none. */
        public Builder sentinelPassword(@Nullable String password) {
            this.sentinelPassword = password == null || password.isEmpty() ? null : new Secret(password);
            this.sentinelPasswordFile = null;
            return this;
        }

        /** Password of the sentinels themselves, in a file; as {@link #passwordFile(Path)}. */
        public Builder sentinelPasswordFile(Path file) {
            sentinelPassword(Login.readPassword(file));
            this.sentinelPasswordFile = file;
            return this;
        }

        public Builder tls(boolean tls) {
            this.tls = tls;
            return this;
        }

        /**
         * PEM file of the certificates to trust instead of those that Java trusts; null for Java's. Only used with TLS. It is read when
         * the options are built, and again when a connection is made after it has changed; while it is no good then, what it held
         * before counts, and that is reported to the problem listener once.
         */
        public Builder tlsCaFile(@Nullable Path file) {
            this.tlsCaFile = file;
            return this;
        }

        /**
         * Certificate to show to a Redis that asks for one. Only used with TLS. Both files are read when the options are built, and
         * again, as {@link #tlsCaFile(Path)}, when one has changed.
         *
         * @param certificate PEM file of the certificate, and behind it those up to the authority
         * @param key PEM file of its key, RSA or EC, in PKCS #8 ({@code BEGIN PRIVATE KEY}) and without a password
         */
        public Builder tlsClientCertificate(Path certificate, Path key) {
            this.tlsCertFile = certificate;
            this.tlsKeyFile = key;
            return this;
        }

        public Builder database(int database) {
            this.database = database;
            return this;
        }

        /** ACL user; null or empty for the default user. */
        public Builder username(@Nullable String username) {
            this.username = username == null || username.isEmpty() ? null : username;
            return this;
        }

        /** Password, which stays the same; null or empty for none. It takes the place of a file. */
        public Builder password(@Nullable String password) {
            this.password = password == null || password.isEmpty() ? null : new Secret(password);
            this.passwordFile = null;
            return this;
        }

        /**
         * Password in a file, of which it is the first line, blanks and all. The file is read here, and again when a
         * connection is made after it has changed, or its password was refused: so a password can be replaced while programs run. While
         * it cannot be read, or is empty, the password that was read last counts, and that is reported to the problem listener once. A
         * pipe is read here only.
         *
         * @throws IllegalArgumentException if it cannot be read, or its first line is empty
         */
        public Builder passwordFile(Path file) {
            password(Login.readPassword(file));
            this.passwordFile = file;
            return this;
        }

        public Builder nodeId(String nodeId) {
            this.nodeId = nodeId;
            return this;
        }

        public Builder namespace(String namespace) {
            this.namespace = namespace;
            return this;
        }

        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /**
         * Lets every write wait until this many replicas have it, so that it survives the loss of the primary. A write that fewer
         * confirm in time is stored all the same, and fails with NOT_REPLICATED. It stays one round trip. 0 for no waiting. This
         * is for the calls of {@link StateManager} and {@link StrokeSession}: a {@link StatePublisher} does not wait for replicas.
         */
        public Builder replicas(int replicas) {
            this.replicas = replicas;
            return this;
        }

        /** How long a write waits for its replicas; must be shorter than {@link #timeout(Duration)} where it does. */
        public Builder replicaTimeout(Duration replicaTimeout) {
            this.replicaTimeout = replicaTimeout;
            return this;
        }

        public Builder maxConnections(int maxConnections) {
            this.maxConnections = maxConnections;
            return this;
        }

        public Builder retryAttempts(int retryAttempts) {
            this.retryAttempts = retryAttempts;
            return this;
        }

        public Builder retryDelay(Duration retryDelay) {
            this.retryDelay = retryDelay;
            return this;
        }

        public Builder maxRetryDelay(Duration maxRetryDelay) {
            this.maxRetryDelay = maxRetryDelay;
            return this;
        }

        public Builder heartbeatInterval(Duration heartbeatInterval) {
            this.heartbeatInterval = heartbeatInterval;
            return this;
        }

        public Builder sessionLease(Duration sessionLease) {
            this.sessionLease = sessionLease;
            return this;
        }

        public Builder publisherQueue(int publisherQueue) {
            this.publisherQueue = publisherQueue;
            return this;
        }

        public Builder publisherCloseTimeout(Duration publisherCloseTimeout) {
            this.publisherCloseTimeout = publisherCloseTimeout;
            return this;
        }

        public Builder abandonedAfter(Duration abandonedAfter) {
            this.abandonedAfter = abandonedAfter;
            return this;
        }

        public Builder reapInterval(Duration reapInterval) {
            this.reapInterval = reapInterval;
            return this;
        }

        /** No for a node whose Redis user may write what is its own only: it would be refused, and Redis note that each time. */
        public Builder reaping(boolean reaping) {
            this.reaping = reaping;
            return this;
        }

        public Builder problemListener(Consumer<Problem> problemListener) {
            this.problemListener = problemListener;
            return this;
        }

        /**
         * Checks everything.
         *
         * @throws IllegalArgumentException if a value is out of its range, or a file for TLS is no good; the message names it
         */
        public StateOptions build() {
            require(!host.isBlank(), "host must not be empty");
            require(port >= 1 && port <= 65535, "port must be from 1 to 65535, was " + port);
            for (Address sentinel : sentinels) {
                require(!sentinel.host.isBlank(), "the host of a sentinel must not be empty");
                require(
                        sentinel.port >= 1 && sentinel.port <= 65535,
                        "the port of a sentinel must be from 1 to 65535, was " + sentinel.port);
            }
            if (primaryName != null) {
                require(!sentinels.isEmpty(), "at least one sentinel is needed");
                require(
                        PRIMARY_NAME.matcher(primaryName).matches(),
                        "the name of the primary must be letters, digits, _, . or -");
            }
            require(database >= 0, "database must not be negative, was " + database);
            require(
                    NAMESPACE.matcher(namespace).matches(),
                    "namespace must be letters, digits, _, . or -, in braces or not");
            Keys.nodeHealth(nodeId);
            range("connectTimeout", connectTimeout, Duration.ofMillis(1), Duration.ofMinutes(1));
            range("timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(1));
            require(replicas >= 0 && replicas <= 100, "replicas must be from 0 to 100, was " + replicas);
            range("replicaTimeout", replicaTimeout, Duration.ofMillis(1), Duration.ofMinutes(1));
            require(
                    replicas == 0 || replicaTimeout.compareTo(timeout) < 0,
                    "replicaTimeout must be shorter than timeout, was " + replicaTimeout.toMillis() + " ms of "
                            + timeout.toMillis() + " ms");
            // Read here, so that a file that is no good is found before anything depends on it.
            TlsContext.load(tlsCaFile, tlsCertFile, tlsKeyFile);
            range("retryDelay", retryDelay, Duration.ZERO, Duration.ofMinutes(1));
            range("maxRetryDelay", maxRetryDelay, Duration.ZERO, Duration.ofMinutes(1));
            range("sessionLease", sessionLease, Duration.ofMillis(100), Duration.ofHours(1));
            range("publisherCloseTimeout", publisherCloseTimeout, Duration.ZERO, Duration.ofMinutes(1));
            require(
                    publisherQueue >= 1 && publisherQueue <= 1_000_000,
                    "publisherQueue must be from 1 to 1000000, was " + publisherQueue);
            range("abandonedAfter", abandonedAfter, Duration.ofMillis(100), Duration.ofDays(1));
            range("reapInterval", reapInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
            Duration life = Keys.NODE_HEALTH.ttl().orElseThrow();
            range("heartbeatInterval", heartbeatInterval, Duration.ofMillis(10), life.dividedBy(2));
            require(
                    maxConnections >= 1 && maxConnections <= 10_000,
                    "maxConnections must be from 1 to 10000, was " + maxConnections);
            require(
                    retryAttempts >= 1 && retryAttempts <= 100,
                    "retryAttempts must be from 1 to 100, was " + retryAttempts);
            return new StateOptions(this);
        }

        private static void range(String name, Duration value, Duration least, Duration most) {
            require(
                    value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                    name + " must be from " + least.toMillis() + " ms to " + most.toMillis() + " ms, was "
                            + value.toMillis() + " ms");
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
