package ai.tatbot.state.bench.offer;

import ai.tatbot.state.client.StateOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/** A Redis on loopback that may be frozen, killed and started again on its port. It keeps nothing. */
final class ThrowawayRedis implements AutoCloseable {
    private final Path program;
    private final int port;
    private final String password;
    private Process process;

    private ThrowawayRedis(Path program, int port, String password) throws IOException, InterruptedException {
        this.program = program;
        this.port = port;
        this.password = password;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    static ThrowawayRedis start() throws IOException, InterruptedException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        return new ThrowawayRedis(find(), freePort(), HexFormat.of().formatHex(secret));
    }

    private static Path find() throws IOException {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(folder, "redis-server");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return ExecutableProvider.newJarResourceProvider().get().toPath();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Its configuration goes through a pipe, since every user sees a process's arguments. */
    private Process launch() throws IOException, InterruptedException {
        Process started = new ProcessBuilder(program.toString(), "-")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream config = started.getOutputStream()) {
            config.write("bind 127.0.0.1\nport %d\nrequirepass %s\nsave \"\"\nappendonly no\n"
                    .formatted(port, password)
                    .getBytes(StandardCharsets.UTF_8));
        }
        for (int attempt = 0; attempt < 1_000 && started.isAlive(); attempt++) {
            try (Jedis jedis = jedis()) {
                jedis.ping();
                return started;
            } catch (JedisException e) {
                // Not yet
                Thread.sleep(5);
            }
        }
        started.destroyForcibly();
        throw new IOException(program + " did not start on port " + port);
    }

    Jedis jedis() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .password(password)
                        .protocol(RedisProtocol.RESP2)
                        .autoNegotiateProtocol(false)
                        .build());
    }

    StateOptions.Builder options() {
        return StateOptions.builder().host("127.0.0.1").port(port).password(password);
    }

    String version() {
        try (Jedis jedis = jedis()) {
            return jedis.info("server")
                    .lines()
                    .filter(line -> line.startsWith("redis_version:"))
                    .map(line -> "Redis " + line.substring("redis_version:".length()))
                    .findFirst()
                    .orElse("Redis");
        }
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " ended with " + code);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Redis did not end");
        }
    }

    void restart() throws IOException, InterruptedException {
        process = launch();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
