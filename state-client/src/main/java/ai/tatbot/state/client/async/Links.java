package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.Credentials;
import ai.tatbot.state.client.internal.Login;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.TlsContext;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Makes connections by means of Lettuce, whose defaults it overrides: nothing is buffered or sent again by Lettuce, it neither
 * reconnects nor keeps time, and every queue is bounded. Why: docs/decisions/0014-async.md.
 *
 * <p>Thread-safe.
 */
final class Links implements AutoCloseable {
    /** Beyond what is ever sent at once; Lettuce's own bound is a safeguard only. */
    private static final int QUEUE = 2 * Sender.WINDOW + 16;

    private static final Duration DEAD_PEER = Duration.ofSeconds(3);

    private final StateOptions options;
    private final PrimaryAccess redis;
    private final Credentials credentials;
    private final DefaultEventLoopGroupProvider threads = new DefaultEventLoopGroupProvider(1);
    private final EventLoop loop;
    private final ClientResources resources;
    private final RedisClient client;

    /** What the client encrypts connections by; null before the first, and without TLS. */
    private @Nullable TlsContext tls;

    Links(PrimaryAccess redis, StateOptions options) {
        this.options = options;
        this.redis = redis;
        this.credentials = redis.credentials();
        this.resources = ClientResources.builder()
                .eventLoopGroupProvider(threads)
                .computationThreadPoolSize(2)
                // As Java resolves names elsewhere.
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(clientOptions(null));
        this.loop = threads.allocate(Transports.eventLoopGroupClass()).next();
    }

    /** The one thread on which every connection works. */
    EventLoop loop() {
        return loop;
    }

    private ClientOptions clientOptions(@Nullable TlsContext context) {
        ClientOptions.Builder builder = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(QUEUE)
                .protocolVersion(ProtocolVersion.RESP2)
                .pingBeforeActivateConnection(true)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(socketOptions());
        if (context != null) {
            SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(options.connectTimeout());
            context.trust().ifPresent(ssl::trustManager);
            context.identity().ifPresent(ssl::keyManager);
            builder.sslOptions(ssl.build());
        }
        return builder.build();
    }

    private SocketOptions socketOptions() {
        SocketOptions.Builder builder = SocketOptions.builder()
                .connectTimeout(options.connectTimeout())
                .tcpNoDelay(true)
                .keepAlive(KeepAliveOptions.builder()
                        .enable(true)
                        .idle(Duration.ofSeconds(1))
                        .interval(Duration.ofSeconds(1))
                        .count(2)
                        .build());
        if (EpollProvider.isAvailable()) {
            builder.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable(true)
                    .tcpUserTimeout(DEAD_PEER)
                    .build());
        }
        return builder.build();
    }

    /**
     * Connects, with the credentials of now, and makes sure that it is what was asked for. Blocks; not for the thread of the
     * connections. For one thread at a time.
     *
     * @param patience how long the first words may take, beside what it takes to connect
     * @throws StateException as the blocking face would
     */
    Link open(Address address, Sender sender, Duration patience) {
        StatefulRedisConnection<byte[], byte[]> connection;
        try {
            connection = connect(address, patience);
        } catch (ExecutionException | TimeoutException e) {
            throw redis.cannotConnect("connecting", address, e);
        }
        try {
            Link link = new Link(address, connection, sender);
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                    link.broken(null);
                }
            });
            redis.checkGreeting("connecting", address, await(greet(connection), patience));
            return link;
        } catch (ExecutionException | TimeoutException e) {
            CompletableFuture<Void> unused = connection.closeAsync();
            throw redis.cannotConnect("connecting", address, e);
        } catch (StateException e) {
            CompletableFuture<Void> unused = connection.closeAsync();
            throw e;
        }
    }

    /** Once more if the password was replaced at that moment. */
    private StatefulRedisConnection<byte[], byte[]> connect(Address address, Duration patience)
            throws ExecutionException, TimeoutException {
        useCertificatesOfNow();
        Login login = credentials.redis();
        Optional<String> password = login.password();
        try {
            return connect(uri(address, login.username(), password, patience), patience);
        } catch (ExecutionException e) {
            if (!login.isRenewedSince(e, password)) {
                throw e;
            }
            return connect(uri(address, login.username(), login.password(), patience), patience);
        }
    }

    private void useCertificatesOfNow() {
        TlsContext now = credentials.tls().orElse(null);
        if (now != tls) {
            client.setOptions(clientOptions(now));
            tls = now;
        }
    }

    private StatefulRedisConnection<byte[], byte[]> connect(RedisURI uri, Duration patience)
            throws ExecutionException, TimeoutException {
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening =
                client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
        try {
            return await(opening, patience);
        } catch (ExecutionException | TimeoutException e) {
            CompletableFuture<?> unusedEither = opening.whenComplete((late, failure) -> {
                if (late != null) {
                    CompletableFuture<Void> unused = late.closeAsync();
                }
            });
            throw e;
        }
    }

    private <T> T await(CompletableFuture<T> future, Duration patience) throws ExecutionException, TimeoutException {
        // What Lettuce does within it has deadlines of its own, which come first.
        long nanos = options.connectTimeout().plus(patience).plusMillis(100).toNanos();
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("interrupted while connecting", e);
        }
    }

    private static CompletableFuture<@Nullable Object> greet(StatefulRedisConnection<byte[], byte[]> connection) {
        Greeting greeting = new Greeting();
        connection.dispatch(greeting);
        return greeting.answer();
    }

    private RedisURI uri(Address address, Optional<String> username, Optional<String> password, Duration patience) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withDatabase(options.database())
                .withClientName("tatbot-async-" + options.nodeId().toLowerCase(Locale.ROOT))
                .withSsl(options.tls())
                .withVerifyPeer(SslVerifyMode.FULL)
                .withTimeout(patience);
        password.ifPresent(secret -> {
            if (username.isPresent()) {
                uri.withAuthentication(username.get(), secret);
            } else {
                uri.withPassword((CharSequence) secret);
            }
        });
        return uri.build();
    }

    /** Ends every thread. Returns when they have ended, or after two seconds. */
    @Override
    public void close() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        threads.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    /** {@code HELLO 2}: says what the server is, and keeps the protocol as it is. */
    private static final class Greeting extends PlainCommand {
        private static final Frame HELLO =
                Frame.of(List.of("HELLO".getBytes(StandardCharsets.US_ASCII), "2".getBytes(StandardCharsets.US_ASCII)));
        private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

        Greeting() {
            super(HELLO.head(), HELLO.tail(), new RawOutput());
        }

        CompletableFuture<@Nullable Object> answer() {
            return answer;
        }

        @Override
        public void complete() {
            super.complete();
            if (raw() instanceof JedisDataException refused) {
                answer.completeExceptionally(refused);
            } else {
                answer.complete(raw());
            }
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            return answer.completeExceptionally(failure);
        }

        @Override
        public void cancel() {
            super.cancel();
            answer.cancel(false);
        }
    }
}
