package ai.tatbot.state.bench.serving;

import ai.tatbot.state.client.StateOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a process of its own, as it runs in earnest. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final String url;

    private ServerProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it, and waits until it knows the fleet.
     *
     * @param jar of the server
     * @param options file of options for the JVM
     */
    static ServerProcess start(Path jar, Path options, StateOptions redis) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + options,
                "-jar",
                jar.toString(),
                "serve",
                "--port",
                "0",
                "--rate",
                "1000000",
                "--redis",
                "redis://" + redis.address()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        redis.password().ifPresent(secret -> builder.environment().put("REDIS_PASSWORD", secret.reveal()));
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Matcher matcher = URL.matcher(line == null ? "" : line);
        if (!matcher.find()) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not say where it listens, but: " + line);
        }
        ServerProcess server = new ServerProcess(process, matcher.group());
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url + "/readyz").toURL().openConnection();
            if (connection.getResponseCode() == 200) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("the server was not ready after " + PATIENCE);
    }

    String url() {
        return url;
    }

    /** Resident memory, in bytes. */
    long memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
