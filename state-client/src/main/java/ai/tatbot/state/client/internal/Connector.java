package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Makes connections, to a Redis or a sentinel, over TLS or not, and shakes hands on them. Thread-safe. */
final class Connector {
    /** RESP2: subscriptions need it, and calls save the negotiation. */
    static final RedisProtocol PROTOCOL = RedisProtocol.RESP2;

    private final StateOptions options;
    private final Credentials credentials;
    private final Handshake redis;
    private final Handshake sentinel;

    Connector(StateOptions options, Credentials credentials) {
        this.options = options;
        this.credentials = credentials;
        this.redis = Handshake.withRedis(options, credentials.redis());
        this.sentinel = Handshake.withSentinel(credentials.sentinel());
    }

    /** What every connection is made with. */
    Credentials credentials() {
        return credentials;
    }

    /** The first words with a Redis. */
    Handshake redis() {
        return redis;
    }

    /** The first words with a sentinel. */
    Handshake sentinel() {
        return sentinel;
    }

    /**
     * Connects, with the credentials of now; once more if the password was replaced at that moment.
     *
     * @param readTimeout how long a read may go without a byte, now and later
     * @throws JedisException if there is no connection, or the server is not the one expected
     */
    Connection connect(Address address, Handshake handshake, Duration readTimeout) {
        Login login = handshake.login();
        Optional<String> password = login.password();
        try {
            return connect(address, handshake, password, readTimeout);
        } catch (JedisDataException e) {
            if (!login.isRenewedSince(e, password)) {
                throw e;
            }
            return connect(address, handshake, login.password(), readTimeout);
        }
    }

    private Connection connect(Address address, Handshake handshake, Optional<String> password, Duration readTimeout) {
        try {
            Connection connection = open(new HostAndPort(address.host(), address.port()), config(readTimeout));
            try {
                handshake.with(connection, address.toString(), password);
                return connection;
            } catch (RuntimeException e) {
                disconnect(connection, e);
                throw e;
            }
        } catch (JedisConnectionException e) {
            throw explained(address, e);
        }
    }

    private Connection open(HostAndPort address, JedisClientConfig config) {
        return credentials
                .tls()
                .map(tls -> new UnrepeatedConnection(new TlsSocketFactory(address, config, tls.sockets()), config))
                .orElseGet(() -> new UnrepeatedConnection(address, config));
    }

    /** The same failure, or what is behind it. */
    private JedisException explained(Address address, JedisConnectionException e) {
        if (String.valueOf(e.getMessage()).startsWith("Failed to connect")
                || RedisErrors.find(e, UnknownHostException.class) != null) {
            return e;
        }
        if (options.tls()) {
            SSLException tlsFailure = RedisErrors.find(e, SSLException.class);
            if (tlsFailure instanceof SSLHandshakeException) {
                return e;
            }
            if (PortProbe.speaksPlainRedis(address, options.connectTimeout())) {
                return new NoConnectionException(
                        Reason.MISCONFIGURED,
                        address + " speaks no TLS. Use redis:// (redis-sentinel://), or the port that speaks TLS.",
                        e);
            }
            return tlsFailure != null
                            && String.valueOf(tlsFailure.getMessage()).startsWith("Unsupported or unrecognized")
                    ? Handshake.notRedis(address.toString(), e)
                    : e;
        }
        if (RedisErrors.find(e, java.net.SocketTimeoutException.class) != null) {
            return e;
        }
        if (PortProbe.speaksTls(address, options.connectTimeout())) {
            return new NoConnectionException(
                    Reason.MISCONFIGURED,
                    address + " speaks TLS, and none was asked for. Use rediss:// (rediss-sentinel://).",
                    e);
        }
        return String.valueOf(e.getMessage()).startsWith("Unknown reply")
                ? Handshake.notRedis(address.toString(), e)
                : e;
    }

    private static void disconnect(Connection connection, RuntimeException because) {
        try {
            connection.forceDisconnect();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private JedisClientConfig config(Duration readTimeout) {
        return DefaultJedisClientConfig.builder()
                // Nothing is sent but by our own handshake, and RESP2 is what a connection starts with.
                .serverDefaultProtocol()
                .autoNegotiateProtocol(false)
                .connectionTimeoutMillis(millis(options.connectTimeout()))
                .socketTimeoutMillis(millis(readTimeout))
                .blockingSocketTimeoutMillis(millis(readTimeout))
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .build();
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, duration.toMillis());
    }
}
