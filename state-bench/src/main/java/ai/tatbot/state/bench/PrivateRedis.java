package ai.tatbot.state.bench;

import ai.tatbot.state.client.StateOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis of our own on a free loopback port, with a password and without persistence. It ends when it is closed, and when
 * this process ends in whatever way. Thread-safe.
 */
public final class PrivateRedis implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;

    /** Ends Redis when its standard input ends, thus also after a kill -9 of this process, and cleans up behind it. */
    private static final String GUARD = """
            trap '' HUP INT TERM
            exec 3<&0
            "$1" "$2/redis.conf" 3<&- & redis=$!
            (read -r line <&3; kill $redis) & guard=$!
            wait $redis
            kill $guard 2>&-
            rm -rf -- "$2"
            """;

    private static @Nullable PrivateRedis shared;

    private final Process process;
    private final Path directory;
    private final Path binary;
    private final int port;
    private final String password;
    private final String version;

    private PrivateRedis(Process process, Path directory, Path binary, int port, String password, String version) {
        this.process = process;
        this.directory = directory;
        this.binary = binary;
        this.port = port;
        this.password = password;
        this.version = version;
    }

    /** The one of this process; started when first asked for. */
    public static synchronized PrivateRedis shared() throws IOException {
        if (shared == null || !shared.isRunning()) {
            shared = start();
        }
        return shared;
    }

    /** Starts the {@code redis-server} on the PATH, or else the bundled one. */
    static PrivateRedis start() throws IOException {
        return start(onPath());
    }

    /** @param binary what to start; the bundled one if empty */
    static PrivateRedis start(Optional<Path> binary) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(binary);
            } catch (IOException e) {
                // The port may have been taken in the meantime.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static PrivateRedis startOnce(Optional<Path> given) throws IOException {
        Path directory = Files.createTempDirectory("state-bench");
        try {
            Path binary = given.isPresent()
                    ? given.get()
                    : ExecutableProvider.newJarResourceProvider(directory.toFile())
                            .get()
                            .toPath();
            int port = freePort();
            String password = randomPassword();
            writeConfig(directory, port, password);
            Process process = new ProcessBuilder(
                            "/bin/sh", "-c", GUARD, "redis-guard", binary.toString(), directory.toString())
                    .redirectErrorStream(true)
                    .start();
            try {
                return new PrivateRedis(
                        process, directory, binary, port, password, awaitVersion(process, binary, port, password));
            } catch (IOException e) {
                end(process);
                throw e;
            }
        } catch (IOException e) {
            delete(directory);
            throw e;
        }
    }

    private static void writeConfig(Path directory, int port, String password) throws IOException {
        Path config = directory.resolve("redis.conf");
        Files.createFile(config, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(config, """
                bind %s
                port %d
                requirepass %s
                save ""
                appendonly no
                daemonize no
                loglevel warning
                dir "%s"
                """.formatted(HOST, port, password, directory));
    }

    private static String awaitVersion(Process process, Path binary, int port, String password) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (RedisClient client = client(port, password)) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                try {
                    return version(client.info("server"));
                } catch (JedisException e) {
                    pause();
                }
            }
        }
        String condition = process.isAlive() ? "does not answer" : "has ended";
        end(process);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        throw new IOException(binary + " " + condition + (said.isEmpty() ? "" : ": " + said));
    }

    private static String version(String info) {
        return field(info, "valkey_version")
                .map(version -> "Valkey " + version)
                .or(() -> field(info, "redis_version").map(version -> "Redis " + version))
                .orElse("unknown");
    }

    private static Optional<String> field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Redis to start", e);
        }
    }

    static Optional<Path> onPath() {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String randomPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    int port() {
        return port;
    }

    /** What a node needs to reach it. */
    StateOptions.Builder options() {
        return StateOptions.builder().host(HOST).port(port).password(password).nodeId("bench");
    }

    /** Name and version, such as {@code Redis 7.0.15}. */
    public String version() {
        return version;
    }

    /** What was started. */
    public Path binary() {
        return binary;
    }

    /** A pooled client with the defaults of Jedis, as a program without this library would make it. */
    public RedisClient bareClient() {
        return client(port, password);
    }

    private static RedisClient client(int port, String password) {
        JedisClientConfig config =
                DefaultJedisClientConfig.builder().password(password).build();
        return RedisClient.builder()
                .hostAndPort(new HostAndPort(HOST, port))
                .clientConfig(config)
                .build();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String password() {
        return password;
    }

    /** Where its configuration is, while it runs. */
    Path directory() {
        return directory;
    }

    /** Redis, and those that look after it. */
    public List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
