package ai.tatbot.state.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class BenchRedisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void oneIsSharedUntilItIsClosed() {
        List<ProcessHandle> processes;
        BenchRedis closed;
        try (BenchRedis redis = BenchRedis.shared();
                RedisClient bare = redis.bareClient()) {
            closed = redis;
            assertThat(BenchRedis.shared()).isSameAs(redis);
            assertThat(bare.ping()).isEqualTo("PONG");
            assertThat(redis.version()).matches("(Redis|Valkey) \\d+\\.\\d+\\.\\d+");
            assertThat(bare.info("server"))
                    .contains("_version:" + redis.version().split(" ", -1)[1]);
            processes = new ArrayList<>(BenchRedis.processes());
            assertThat(processes.remove(ProcessHandle.current())).isTrue();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
        }
        await(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        try (BenchRedis next = BenchRedis.shared()) {
            assertThat(next).isNotSameAs(closed);
        }
    }

    @Test
    void gateThatIsKilledLeavesNothing(@TempDir Path folder) throws Exception {
        Path jar = Path.of("target", "state-bench-app.jar");
        assertThat(jar).as("made by the phase package").exists();
        Process gate = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-jar",
                        jar.toString(),
                        "gate",
                        "--short")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            // Its first words: Redis runs, and has been measured for a while.
            await(() -> !read(folder.resolve("out")).isEmpty());
            assertThat(read(folder.resolve("out"))).startsWith("gate: 1");
            List<Path> left = redisFolders(folder);
            assertThat(left).hasSize(1);
            String password = read(left.get(0).resolve("password")).strip();
            assertThat(password).hasSize(48);
            List<ProcessHandle> processes = gate.descendants().toList();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
            for (ProcessHandle process : Stream.concat(Stream.of(gate.toHandle()), processes.stream())
                    .toList()) {
                String line = read(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
                assertThat(line).isNotEmpty().doesNotContain(password);
            }

            gate.destroyForcibly().waitFor();

            await(() -> processes.stream().noneMatch(ProcessHandle::isAlive)
                    && redisFolders(folder).isEmpty());
        } finally {
            gate.destroyForcibly();
        }
    }

    private static List<Path> redisFolders(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("tatbot-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(PATIENCE).until(condition::getAsBoolean);
    }
}
