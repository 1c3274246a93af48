package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command of the guide works as it stands there. */
class HttpApiGuideIT {
    private static final Path GUIDE = Path.of("..", "docs", "http-api.md");
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private static Path folder;

    private static RedisServer redis;
    private static StateManager hog;
    private static StateServer server;
    private static String token;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        Path tokens = folder.resolve("tokens");
        token = new TokenStore(tokens).add("reader-of-the-guide", Set.of(Scope.READ, Scope.PUBLISH), null);
        server = StateServer.start(
                redis.options().nodeId("server"),
                ServerOptions.builder().port(0).tokens(tokens).build());
        hog.updateRobotState(Samples.robot("hog").build());
        StrokeSession session = hog.startStrokeSession(10, 108, "tatbotlogo");
        session.update(1, 1);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(HttpApiGuideIT::knowsTheSession);
    }

    private static boolean knowsTheSession() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/status"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .contains("\"current_session\":{");
    }

    @AfterAll
    static void stop() {
        server.close();
        hog.close();
        redis.close();
    }

    static List<String> commands() throws IOException {
        return BLOCK.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(block -> block.contains("curl"))
                .toList();
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void itWorks(String command) throws IOException, InterruptedException {
        File output = folder.resolve("output").toFile();
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", command)
                .redirectErrorStream(true)
                .redirectOutput(output);
        shell.environment().put("TATBOT_URL", server.url());
        shell.environment().put("TATBOT_TOKEN", token);
        Process process = shell.start();
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(command).isTrue();
            String said = Files.readString(output.toPath());
            assertThat(process.exitValue()).as(command + said).isZero();
            assertThat(said).isNotBlank();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
