package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.client.StateOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.util.SafeEncoder;

/**
 * A real {@code redis-server} process on a free loopback port with a password, and a folder of its own that goes away with it.
 *
 * <p>It is the program named by the system property {@code tatbot.test.redis}, else the first {@code redis-server} on the
 * PATH, else the 6.2 that embedded-redis carries.
 */
public final class RedisServer implements AutoCloseable {
    public static final String PASSWORD = "test-password";

    private final Path program;
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private @Nullable Process process;

    private RedisServer(Path program, List<String> settings) {
        this.program = program;
        this.settings = settings;
        this.port = freePort();
        try {
            this.folder = Files.createTempDirectory("tatbot-redis-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /**
     * Starts a server.
     *
     * @param settings as on the command line: {@code "--maxmemory", "10mb"}
     */
    public static RedisServer start(String... settings) {
        return start(program(), settings);
    }

    /** Starts a server with this program. */
    public static RedisServer start(Path program, String... settings) {
        RedisServer server = new RedisServer(program, List.of(settings));
        server.restart();
        return server;
    }

    /** The redis-server that tests use. */
    public static Path program() {
        String named = System.getProperty("tatbot.test.redis");
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(folder, "redis-server");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return bundled();
    }

    /** The redis-server 6.2 that embedded-redis carries. */
    public static Path bundled() {
        try {
            return redis.embedded.core.ExecutableProvider.newJarResourceProvider()
                    .get()
                    .toPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The redis-server that tests use and, where that is another, the 6.2 that embedded-redis carries. */
    public static List<Path> programs() {
        return Stream.of(program(), bundled()).distinct().toList();
    }

    /** Starts it again on the same port, with what data it has saved. */
    public void restart() {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--requirepass",
                PASSWORD,
                "--save",
                "",
                "--daemonize",
                "no"));
        command.addAll(settings);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("redis.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady();
    }

    /** Starts it again on the same port as if it had never run. It must have ended. */
    public void restartEmpty() {
        deleteFiles();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    /** Ends it at once, like a power cut ({@code SIGKILL}). */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Number of its process. */
    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not running");
        }
        return running.pid();
    }

    /** Stops it from answering while its connections stay open ({@code SIGSTOP}). */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on ({@code SIGCONT}). */
    public void thaw() {
        signal("CONT");
    }

    public int port() {
        return port;
    }

    /** URL with the password of the default user. */
    public String url() {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + port;
    }

    /** Options that reach it. */
    public StateOptions.Builder options() {
        return StateOptions.builder().host("127.0.0.1").port(port).password(PASSWORD);
    }

    /** Its version, such as 7.0.15. */
    public String version() {
        return info("server", "redis_version");
    }

    /** How often a command was called since the statistics were reset, from clients and from scripts. */
    public long calls(String command) {
        Matcher calls = Pattern.compile("calls=([0-9]+)").matcher(info("commandstats", "cmdstat_" + command));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** How often each command was called since the statistics were reset, but for those that only keep a connection. */
    public Map<String, Long> calls() {
        Map<String, Long> calls = new TreeMap<>();
        try (Jedis jedis = jedis()) {
            Matcher lines = Pattern.compile("cmdstat_([a-z|]+):calls=([0-9]+)").matcher(jedis.info("commandstats"));
            while (lines.find()) {
                calls.put(lines.group(1), Long.valueOf(lines.group(2)));
            }
        }
        calls.keySet()
                .removeAll(Set.of("info", "hello", "auth", "ping", "select", "client|setinfo", "config|resetstat"));
        return calls;
    }

    /** Value of a line of {@code INFO}; empty if there is no such line. */
    public String info(String section, String name) {
        try (Jedis jedis = jedis()) {
            return jedis.info(section)
                    .lines()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /** Runs commands as the administrator: {@code admin("CONFIG SET maxmemory 0", "PING")}. */
    public void admin(String... commands) {
        try (Jedis jedis = jedis()) {
            for (String command : commands) {
                String[] words = command.split(" ", -1);
                jedis.sendCommand(() -> SafeEncoder.encode(words[0]), Arrays.copyOfRange(words, 1, words.length));
            }
        }
    }

    /** A plain connection, for looking behind the client's back. Yours to close. */
    public Jedis jedis() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .password(PASSWORD)
                        .protocol(RedisProtocol.RESP2)
                        .autoNegotiateProtocol(false)
                        .build());
    }

    @Override
    public void close() {
        kill();
        deleteFiles();
    }

    private void deleteFiles() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady() {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (Instant.now().isBefore(deadline)) {
            Process running = process;
            if (running == null || !running.isAlive()) {
                break;
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                socket.setSoTimeout(500);
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                int first = socket.getInputStream().read();
                if (first == '+' || first == '-') {
                    return;
                }
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("redis-server did not start: " + log());
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(folder.resolve("redis.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
