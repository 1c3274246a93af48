package ai.tatbot.state.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.testkit.NodeProject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others have made to judge and to use a server like this one, on the real server, while a robot works. */
@SuppressWarnings("NullAway.Init") // set before all tests
class OtherClientsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Those that need no tool, resource or prompt of the suite's own. */
    private static final List<String> WITHOUT_FIXTURE = List.of(
            "server-initialize",
            "logging-set-level",
            "ping",
            "tools-list",
            "server-sse-multiple-streams",
            "resources-list",
            "prompts-list",
            "dns-rebinding-protection");

    private static RedisServer redis;
    private static StateManager hog;
    private static StrokeSession session;
    private static ScheduledExecutorService robot;
    private static StateServer server;
    private static NodeProject node;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        session = hog.startStrokeSession(100, 108, "<img src=x onerror=alert(1)>");
        robot = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> unused = robot.scheduleWithFixedDelay(OtherClientsIT::work, 0, 50, TimeUnit.MILLISECONDS);
        server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0));
        node = NodeProject.of("mcp");
    }

    private static void work() {
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        session.update(1, (int) (System.nanoTime() / 1_000_000 % 108));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        robot.shutdown();
        assertThat(robot.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        session.close();
        hog.close();
        server.close();
        redis.close();
    }

    private static String url() {
        return server.url() + "/mcp";
    }

    /** The command by which a client starts the packaged program. */
    private static List<String> stdio(String first) {
        List<String> command = new ArrayList<>();
        command.add(first);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target", "state-server-app.jar").toAbsolutePath().toString(),
                "mcp",
                "--redis",
                "redis://127.0.0.1:" + redis.port(),
                "--allow-set-state"));
        return command;
    }

    private static void run(String script, Map<String, String> environment, List<String> arguments) {
        node.run(LIMIT, environment, script, arguments.toArray(String[]::new)).requireSuccess();
    }

    @Test
    void theOfficialSuitePassesWhereItNeedsNoFixture() {
        List<String> arguments = new ArrayList<>(List.of(url()));
        arguments.addAll(WITHOUT_FIXTURE);

        NodeProject.Outcome outcome = node.run(LIMIT, Map.of(), "conformance.mjs", arguments.toArray(String[]::new));

        outcome.requireSuccess();
        assertThat(outcome.output()).contains(WITHOUT_FIXTURE.size() + " scenarios passed, 0 failed");
    }

    @Test
    void theOfficialClientUsesEverything() {
        run("client.mjs", Map.of(), List.of("http", url()));
    }

    @Test
    void theOfficialClientUsesEverythingOverStandardInputAndOutput() {
        run("client.mjs", Map.of("REDIS_PASSWORD", RedisServer.PASSWORD), stdio("stdio"));
    }

    @Test
    void theInspectorUsesEverything() {
        run("inspector.mjs", Map.of(), List.of(url()));
    }
}
