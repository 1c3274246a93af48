package ai.tatbot.state.client.faultkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Older, Python nodes beside a Redis: runs {@code legacy_node.py} with the system's Python, which must have {@code redis}
 * (Debian: {@code python3-redis}).
 */
public final class LegacyNode implements AutoCloseable {
    private static final String PYTHON = System.getProperty("tatbot.test.python", "/usr/bin/python3");

    private final RedisServer redis;
    private final Path script;

    private LegacyNode(RedisServer redis, Path script) {
        this.redis = redis;
        this.script = script;
    }

    /** Nodes beside this Redis. */
    public static LegacyNode beside(RedisServer redis) {
        try (InputStream source = LegacyNode.class.getResourceAsStream("/python/legacy_node.py")) {
            if (source == null) {
                throw new IllegalStateException("legacy_node.py is missing");
            }
            Path script = Files.createTempFile("legacy_node", ".py");
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
            return new LegacyNode(redis, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command of the script and returns the lines that it says. */
    public List<String> run(String... command) {
        try (Running running = start(command)) {
            return running.rest();
        }
    }

    /** Starts a command of the script. */
    public Running start(String... command) {
        List<String> line = new ArrayList<>(List.of(PYTHON, script.toString()));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("REDIS_HOST", "127.0.0.1");
        builder.environment().put("REDIS_PORT", Integer.toString(redis.port()));
        builder.environment().put("REDIS_PASSWORD", RedisServer.PASSWORD);
        try {
            File errors = Files.createTempFile("legacy_node", ".err").toFile();
            return new Running(builder.redirectError(errors).start(), errors.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that is being run. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Path errors;
        private final BufferedReader output;

        private Running(Process process, Path errors) {
            this.process = process;
            this.errors = errors;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** The next line that it says. */
        public String line() {
            try {
                String line = output.readLine();
                if (line == null) {
                    throw failed("said nothing more");
                }
                return line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What it still says until it ends. Fails if it ends otherwise than well. */
        public List<String> rest() {
            try {
                List<String> lines = output.lines().toList();
                if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw failed("failed");
                }
                return lines;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private IllegalStateException failed(String how) throws UncheckedIOException {
            try {
                return new IllegalStateException(
                        "the Python node " + how + ": " + Files.readString(errors, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                Files.deleteIfExists(errors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
