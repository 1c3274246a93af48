package ai.tatbot.state.bench;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.server.redis.PrivateRedis;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;

/** The private Redis that the benchmarks of this process share. Thread-safe. */
public final class BenchRedis implements AutoCloseable {
    private static @Nullable BenchRedis shared;

    private final PrivateRedis redis;
    private final String version;

    private BenchRedis(PrivateRedis redis, String version) {
        this.redis = redis;
        this.version = version;
    }

    /**
     * The one of this process; started when first asked for, and again after {@link #close()}.
     *
     * @throws StateException if none can be started
     */
    public static synchronized BenchRedis shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    private static BenchRedis start() {
        PrivateRedis redis = PrivateRedis.start(System.getenv());
        try (StateManager state = StateManager.connect(options(redis).build())) {
            SystemStatus.RedisServer server = state.systemStatus().redis();
            String product = server.kind().equals("valkey") ? "Valkey" : "Redis";
            return new BenchRedis(redis, product + " " + server.version());
        } catch (StateException e) {
            redis.close();
            throw e;
        }
    }

    private static StateOptions.Builder options(PrivateRedis redis) {
        return redis.options().nodeId("bench");
    }

    /** What a node needs to reach it. */
    public StateOptions.Builder options() {
        return options(redis);
    }

    /** Name and version, such as {@code Redis 7.0.15}. */
    public String version() {
        return version;
    }

    /** Name of the file that was started, or that it is the bundled one. */
    public String binary() {
        return redis.origin().substring(redis.origin().lastIndexOf('/') + 1);
    }

    /** A pooled client with the defaults of Jedis, as a program without this library would make it. */
    public RedisClient bareClient() {
        return bareClient(8);
    }

    /** The same for more callers than Jedis has connections for by default. */
    public RedisClient bareClient(int connections) {
        StateOptions options = options().build();
        JedisClientConfig config =
                DefaultJedisClientConfig.builder().password(password()).build();
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return RedisClient.builder()
                .poolConfig(pool)
                .hostAndPort(new HostAndPort(options.host(), options.port()))
                .clientConfig(config)
                .build();
    }

    /** One connection, on which any command may be sent; it speaks RESP2. */
    public Connection connection() {
        StateOptions options = options().build();
        return new Connection(
                new HostAndPort(options.host(), options.port()),
                DefaultJedisClientConfig.builder()
                        .resp2()
                        .password(password())
                        .timeoutMillis(10_000)
                        .build());
    }

    /** Its port on loopback. */
    public int port() {
        return options().build().port();
    }

    /** Its password, made up for this run. */
    public String password() {
        return options().build().password().orElseThrow().reveal();
    }

    /** This process, Redis, and those that look after it. */
    public static List<ProcessHandle> processes() {
        ProcessHandle current = ProcessHandle.current();
        return Stream.concat(Stream.of(current), current.descendants()).toList();
    }

    @Override
    public void close() {
        synchronized (BenchRedis.class) {
            redis.close();
            if (shared == this) {
                shared = null;
            }
        }
    }
}
