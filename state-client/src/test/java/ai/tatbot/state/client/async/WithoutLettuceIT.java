package ai.tatbot.state.client.async;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does not use the asynchronous face neither needs nor loads what that one needs. */
class WithoutLettuceIT {
    private static final List<String> OPTIONAL = List.of("lettuce", "netty", "reactor");

    @TempDir
    Path folder;

    @Test
    void theBlockingFaceNeedsNone() throws IOException, InterruptedException {
        String classPath = Arrays.stream(classPath().split(File.pathSeparator))
                .filter(entry -> OPTIONAL.stream()
                        .noneMatch(name -> entry.contains("/" + name) || entry.contains("/io/" + name)))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(classPath).isNotEqualTo(classPath()).doesNotContain("lettuce-core", "netty-common");
        String output = run(classPath);
        assertThat(output).contains("all done").contains("add it, or use StateManager");
    }

    @Test
    void theBlockingFaceLoadsNone() throws IOException, InterruptedException {
        String output = run(classPath(), "-verbose:class");
        assertThat(output).contains("all done").contains("ai.tatbot.state.client.StateManager ");
        assertThat(output.lines().filter(line -> line.matches(".*\\b(io\\.lettuce|io\\.netty|reactor)\\..*")))
                .isEmpty();
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private String run(String classPath, String... options) throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start()) {
            List<String> command = new java.util.ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(List.of(options));
            command.addAll(List.of("-cp", classPath, BlockingUser.class.getName()));
            Path output = folder.resolve("output");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("REDIS_URL", redis.url());
            Process process = builder.start();
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        }
    }

    /** A program that uses the blocking face, and asks for the other one only if that cannot be had. */
    static final class BlockingUser {
        private BlockingUser() {}

        public static void main(String[] arguments) throws InterruptedException {
            StateOptions options = StateOptions.fromEnvironment().nodeId("hog").build();
            try (StateManager state = StateManager.connect(options);
                    StateMirror mirror = state.mirror(WatchScope.everything());
                    StatePublisher publisher = state.publisher();
                    StrokeSession session = state.startStrokeSession(Samples.tattoo())) {
                state.subscribe(Channels.STROKE_PROGRESS, event -> {});
                session.update(1, 2);
                publisher.offer(Samples.robot("hog").build());
                state.systemStatus();
                if (!mirror.awaitLive(Duration.ofSeconds(10))) {
                    throw new IllegalStateException("the mirror is not live");
                }
                session.end();
            }
            if (WithoutLettuceIT.class.getClassLoader().getResource("io/lettuce/core/RedisClient.class") == null) {
                try {
                    AsyncStateManager.create(options).close();
                } catch (StateException e) {
                    System.out.println(e.getMessage());
                }
            }
            System.out.println("all done");
        }
    }
}
