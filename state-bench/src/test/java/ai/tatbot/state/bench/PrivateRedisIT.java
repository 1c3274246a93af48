package ai.tatbot.state.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

class PrivateRedisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void passwordIsInAFileThatOnlyWeCanRead() throws Exception {
        Path directory;
        List<ProcessHandle> processes;
        try (PrivateRedis redis = PrivateRedis.start()) {
            processes = redis.processes();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
            for (ProcessHandle process : processes) {
                assertThat(process.info().commandLine().orElse("")).doesNotContain(redis.password());
            }
            directory = redis.directory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("redis.conf"))))
                    .isEqualTo("rw-------");
            try (RedisClient stranger = RedisClient.create("127.0.0.1", redis.port());
                    RedisClient friend = redis.bareClient()) {
                assertThatThrownBy(stranger::ping)
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageContaining("NOAUTH");
                assertThat(friend.ping()).isEqualTo("PONG");
            }
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(directory).doesNotExist();
    }

    @Test
    void bundledOneIsThereWhereNoneIsInstalled() throws Exception {
        try (PrivateRedis redis = PrivateRedis.start(Optional.empty())) {
            assertThat(redis.version()).startsWith("Redis 6.2");
        }
    }

    @Test
    void whatIsNoRedisIsNamed() {
        assertThatThrownBy(() -> PrivateRedis.start(Optional.of(Path.of("/bin/false"))))
                .isInstanceOf(IOException.class)
                .hasMessage("/bin/false has ended");
    }

    @Test
    void endsWithAProcessThatIsKilled(@TempDir Path directory) throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName())
                .redirectError(directory.resolve("err").toFile())
                .start();
        try (BufferedReader said = holder.inputReader()) {
            String started = String.valueOf(said.readLine());
            assertThat(started).as(Files.readString(directory.resolve("err"))).startsWith("/");
            List<ProcessHandle> processes = holder.descendants().toList();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(2);

            holder.destroyForcibly().waitFor();

            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline
                    && (processes.stream().anyMatch(ProcessHandle::isAlive) || Files.exists(Path.of(started)))) {
                Thread.sleep(20);
            }
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(Path.of(started)).doesNotExist();
        } finally {
            holder.destroyForcibly();
        }
    }

    /** A program that has a Redis, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            System.out.println(PrivateRedis.start().directory());
            Thread.sleep(60_000);
        }
    }
}
