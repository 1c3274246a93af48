package ai.tatbot.state.bench.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A Redis of our own on a free loopback port, without persistence; gone when closed. */
final class Server implements AutoCloseable {
    private final Process process;
    private final Path directory;
    final int port;
    final String version;

    private Server(Process process, Path directory, int port, String version) {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.version = version;
    }

    static Server start(Path binary) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path directory = Files.createTempDirectory("write-study");
        ProcessBuilder builder = new ProcessBuilder(
                binary.toString(), "--bind", "127.0.0.1", "--port", String.valueOf(port), "--save", "");
        Process process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        for (int attempt = 0; attempt < 100 && process.isAlive(); attempt++) {
            Thread.sleep(50);
            try (Wire admin = Wire.asAdmin(port)) {
                return new Server(process, directory, port, info(admin, "server", "redis_version"));
            } catch (JedisConnectionException e) {
                // not yet
            }
        }
        process.destroy();
        throw new IOException("no Redis from " + binary + ": " + Files.readString(directory.resolve("log")));
    }

    static String info(Wire admin, String section, String field) {
        return admin.text(Command.INFO, section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory.resolve("log"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
