package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * One primary, two replicas and three sentinels: real processes on loopback, that fail over by themselves half a second after
 * their primary has gone silent. Not thread-safe.
 */
public final class Sentinels implements AutoCloseable {
    /** Name by which the sentinels know the primary. */
    public static final String PRIMARY_NAME = "tatbot";

    private static final Duration DOWN_AFTER = Duration.ofMillis(500);
    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();
    private final @Nullable TlsFiles tls;

    private Sentinels(@Nullable TlsFiles tls) {
        this.tls = tls;
    }

    private void startAll(TlsFiles.@Nullable Issued certificate, String... settings) {
        for (int i = 0; i < 3; i++) {
            servers.add(
                    tls == null || certificate == null
                            ? RedisServer.start(settings)
                            : RedisServer.startTls(tls, certificate, settings));
        }
        servers.get(1).replicaOf(servers.get(0));
        servers.get(2).replicaOf(servers.get(0));
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(new Sentinel(servers.get(0).port(), tls, certificate));
        }
        Awaitility.await("the sentinels know each other and the replicas")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sentinels.stream().allMatch(Sentinel::knowsAll));
    }

    /** Starts all of them, without TLS, and waits until they know each other. */
    public static Sentinels start(String... settings) {
        return closedOnFailure(null, null, settings);
    }

    /** Starts all of them, with TLS among them and for clients, who need a certificate of this authority. */
    public static Sentinels startTls(TlsFiles files, TlsFiles.Issued certificate, String... settings) {
        return closedOnFailure(files, certificate, settings);
    }

    private static Sentinels closedOnFailure(
            @Nullable TlsFiles files, TlsFiles.@Nullable Issued certificate, String... settings) {
        Sentinels started = new Sentinels(files);
        try {
            started.startAll(certificate, settings);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** Options that find the primary through the sentinels. */
    public StateOptions.Builder options() {
        return StateOptions.builder()
                .sentinels(PRIMARY_NAME, addresses())
                .password(RedisServer.PASSWORD)
                .tls(tls != null)
                .tlsCaFile(tls == null ? null : tls.ca());
    }

    /** URL of the sentinels, with the password of Redis. */
    public String url() {
        StringBuilder hosts = new StringBuilder();
        for (Address address : addresses()) {
            hosts.append(hosts.isEmpty() ? "" : ",").append(address);
        }
        return (tls == null ? "redis-sentinel" : "rediss-sentinel") + "://:" + RedisServer.PASSWORD + "@" + hosts + "#"
                + PRIMARY_NAME;
    }

    /** Where the sentinels listen. */
    public List<Address> addresses() {
        return sentinels.stream()
                .map(sentinel -> new Address("127.0.0.1", sentinel.port))
                .toList();
    }

    /** All three servers, whatever they are now. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /** The server that the sentinels name as the primary. */
    public RedisServer currentPrimary() {
        int named = sentinels.stream()
                .map(Sentinel::primaryPort)
                .filter(port -> port > 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sentinel names a primary"));
        return servers.stream()
                .filter(server -> server.port() == named)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no server of ours listens on " + named));
    }

    /** Kills the primary; returns it. */
    public RedisServer killPrimary() {
        RedisServer primary = currentPrimary();
        primary.kill();
        return primary;
    }

    /** Freezes the primary, whose connections stay open; returns it. */
    public RedisServer freezePrimary() {
        RedisServer primary = currentPrimary();
        primary.freeze();
        return primary;
    }

    /** Lets the sentinels move the primary while all is well; returns the old one. */
    public RedisServer failOver() {
        RedisServer primary = currentPrimary();
        Awaitility.await("a sentinel that may fail over")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(JedisException.class)
                .until(() -> {
                    try (Jedis jedis = sentinels.get(0).jedis()) {
                        return "OK".equals(jedis.sentinelFailover(PRIMARY_NAME));
                    }
                });
        return primary;
    }

    /** Tells every sentinel that this server is the primary, as an administrator does who has moved it by hand. */
    public void name(RedisServer primary) {
        for (Sentinel sentinel : sentinels) {
            try (Jedis jedis = sentinel.jedis()) {
                jedis.sentinelRemove(PRIMARY_NAME);
                jedis.sentinelMonitor(PRIMARY_NAME, "127.0.0.1", primary.port(), QUORUM);
                jedis.sentinelSet(PRIMARY_NAME, Map.of("auth-pass", RedisServer.PASSWORD));
            }
        }
    }

    /** Runs commands on every sentinel, as its administrator: {@code admin("ACL SETUSER watcher on >secret +@all")}. */
    public void admin(String... commands) {
        for (Sentinel sentinel : sentinels) {
            try (Jedis jedis = sentinel.jedis()) {
                for (String command : commands) {
                    String[] words = command.split(" ", -1);
                    jedis.sendCommand(() -> SafeEncoder.encode(words[0]), Arrays.copyOfRange(words, 1, words.length));
                }
            }
        }
    }

    /** Waits until every sentinel that runs names another primary than this, and that one takes writes; returns it. */
    public RedisServer awaitFailover(RedisServer old) {
        Awaitility.await("the failover")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> sentinels.stream().mapToInt(Sentinel::primaryPort).noneMatch(port -> port == old.port())
                        && currentPrimary().isPrimary());
        return currentPrimary();
    }

    /** Kills a sentinel, counted from 0. */
    public void killSentinel(int number) {
        sentinels.get(number).process.destroyForcibly();
    }

    @Override
    public void close() {
        sentinels.forEach(Sentinel::close);
        servers.forEach(RedisServer::close);
    }

    /** One sentinel process, and a folder of its own, since it rewrites its configuration. */
    private static final class Sentinel {
        private final int port = FreePort.find();
        private final int plainPort;
        private final Path folder;
        private final Process process;

        Sentinel(int primaryPort, @Nullable TlsFiles tls, TlsFiles.@Nullable Issued certificate) {
            plainPort = tls == null ? port : FreePort.find();
            List<String> config = new ArrayList<>(List.of(
                    "port " + plainPort,
                    "bind 127.0.0.1",
                    "daemonize no",
                    "sentinel monitor " + PRIMARY_NAME + " 127.0.0.1 " + primaryPort + " " + QUORUM,
                    "sentinel auth-pass " + PRIMARY_NAME + " " + RedisServer.PASSWORD,
                    "sentinel down-after-milliseconds " + PRIMARY_NAME + " " + DOWN_AFTER.toMillis(),
                    "sentinel failover-timeout " + PRIMARY_NAME + " 3000",
                    "sentinel parallel-syncs " + PRIMARY_NAME + " 2"));
            if (tls != null && certificate != null) {
                config.addAll(List.of(
                        "tls-port " + port,
                        "tls-replication yes",
                        "tls-cert-file " + certificate.certificate(),
                        "tls-key-file " + certificate.key(),
                        "tls-ca-cert-file " + tls.ca()));
            }
            try {
                folder = Files.createTempDirectory("tatbot-sentinel-test");
                Path file = folder.resolve("sentinel.conf");
                Files.write(file, config);
                process = new ProcessBuilder(RedisServer.program().toString(), file.toString(), "--sentinel")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("sentinel.log").toFile())
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        }

        Jedis jedis() {
            return new Jedis(
                    new HostAndPort("127.0.0.1", plainPort),
                    DefaultJedisClientConfig.builder()
                            .protocol(RedisProtocol.RESP2)
                            .timeoutMillis(1_000)
                            .build());
        }

        /** Port of the primary as this one names it; 0 if it does not answer. */
        int primaryPort() {
            try (Jedis jedis = jedis()) {
                List<String> answer = jedis.sentinelGetMasterAddrByName(PRIMARY_NAME);
                return answer == null ? 0 : Integer.parseInt(answer.get(1));
            } catch (JedisException e) {
                return 0;
            }
        }

        boolean knowsAll() {
            try (Jedis jedis = jedis()) {
                return jedis.sentinelSentinels(PRIMARY_NAME).size() == SENTINELS - 1
                        && jedis.sentinelReplicas(PRIMARY_NAME).stream()
                                        .filter(replica -> "ok".equals(replica.get("master-link-status")))
                                        .count()
                                == 2;
            } catch (JedisException e) {
                return false;
            }
        }

        void close() {
            process.destroyForcibly();
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
