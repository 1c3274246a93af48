package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Cli;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo as a process, and what is left of it afterwards. */
@Tag("alone")
class DemoCommandIT {
    private static final String[] SHORT = {"demo", "--once", "--strokes", "5", "--poses", "20", "--rate", "500"};
    private static final String[] ENDLESS = {"demo", "--strokes", "1000"};

    @TempDir
    Path folder;

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    /** A folder of its own for temporary files, so that what is left there is the program's. */
    private Map<String, String> environment() {
        return Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);
    }

    private Program start(String... arguments) {
        return Program.start(environment(), arguments);
    }

    private List<String> leftovers() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("tatbot-"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String port(Program demo) {
        await().until(() -> !demo.out().isEmpty());
        Matcher matcher = Pattern.compile("private Redis at 127\\.0\\.0\\.1:(\\d+) ")
                .matcher(demo.out().get(0));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static List<String> servers(String port) {
        return Program.commandLines("127.0.0.1:" + port);
    }

    private void assertGone(String port) {
        await().until(() -> servers(port).isEmpty() && leftovers().isEmpty());
        assertThat(Program.commandLines("tatbot-redis-keeper " + folder)).isEmpty();
    }

    private static void assertSound(String json) {
        JsonNode report = new JsonMapper().readTree(json);
        assertThat(report.propertyNames())
                .containsExactly(
                        "redis",
                        "session_id",
                        "updates",
                        "events",
                        "lost",
                        "out_of_order",
                        "latency_us",
                        "conflated",
                        "lost_transitions",
                        "outages",
                        "longest_stale_ms");
        assertThat(report.get("redis").get("kind").asString()).isIn("redis", "valkey");
        assertThat(report.get("redis").get("version").asString()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(report.get("session_id").asString()).startsWith("stroke_demo-hog_");
        assertThat(report.get("updates").asLong()).isEqualTo(100);
        // A position is told, or a later one is instead where the machine is busy.
        assertThat(report.get("events").asLong() + report.get("conflated").asLong())
                .isGreaterThan(100);
        assertThat(report.get("lost").asLong()).isZero();
        assertThat(report.get("out_of_order").asLong()).isZero();
        assertThat(report.get("lost_transitions").asLong()).isZero();
        assertThat(report.get("latency_us").get("p50").asLong()).isPositive();
        assertThat(report.get("latency_us").get("p99").asLong())
                .isGreaterThanOrEqualTo(report.get("latency_us").get("p50").asLong());
    }

    private static String[] and(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void onceWithJsonEndsWithOneObject() {
        try (Program demo = start(and(SHORT, "--json"))) {
            assertThat(demo.await(60)).isZero();
            assertThat(demo.out()).hasSize(1);
            assertSound(demo.out().get(0));
            assertThat(leftovers()).isEmpty();
        }
    }

    @Test
    void withoutARedisServerOnThePathItUsesTheBundledOne() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        try (Program demo = Program.start(
                Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder, "PATH", bin.toString()), SHORT)) {
            assertThat(demo.await(60)).isZero();
            assertThat(demo.out().get(0)).endsWith(" (the bundled redis-server)");
            assertThat(demo.out())
                    .contains("session paused at stroke 3, pose 11", "session resumed", "session completed");
            assertThat(demo.out().get(demo.out().size() - 1))
                    .startsWith("100 updates and ")
                    .contains(" received: 0 lost, 0 out of order");
            assertThat(leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void toldToEndItEndsTheSessionAndItsRedis(String signal) {
        try (Program demo = start(ENDLESS)) {
            String port = port(demo);
            await().until(() -> demo.out().contains("robot is executing"));
            assertThat(servers(port)).hasSize(1);
            demo.signal(signal);
            assertThat(demo.await(5)).isEqualTo(signal.equals("INT") ? 130 : 143);
            assertThat(demo.out()).contains("session interrupted");
            assertGone(port);
        }
    }

    @Test
    void killedItsRedisEndsAllTheSame() {
        try (Program demo = start(ENDLESS)) {
            String port = port(demo);
            await().until(() -> demo.out().contains("robot is executing"));
            assertThat(servers(port)).hasSize(1);
            assertThat(leftovers()).hasSize(1);
            demo.signal("KILL");
            assertThat(demo.await(5)).isEqualTo(137);
            assertGone(port);
        }
    }

    @Test
    void theRedisIsClosedToOthers() throws IOException {
        try (Program demo = start(ENDLESS)) {
            String port = port(demo);
            await().until(() -> demo.out().contains("robot is executing"));
            Path file = folder.resolve(leftovers().get(0)).resolve("password");
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            String password = Files.readString(file).strip();
            assertThat(password).hasSize(48);
            assertThat(Program.commandLines(password)).isEmpty();
            assertThat(String.join("\n", demo.out()) + demo.err()).doesNotContain(password);
            Cli.Outcome closed = Cli.bare().run("status", "--redis", "redis://127.0.0.1:" + port);
            assertThat(closed.exit()).isEqualTo(1);
            Cli.Outcome open = Cli.bare()
                    .run("status", "--redis", "redis://127.0.0.1:" + port, "--password-file", file.toString());
            assertThat(open.out()).contains("demo-hog", "demo-ook", "demo-eek", "  executing  tatbotlogo on demo-hog");
        }
    }

    @Test
    void theEnvironmentsRedisIsNotTouched() {
        try (RedisServer redis = RedisServer.start()) {
            Cli.Outcome outcome = Cli.with(redis)
                    .environment("PATH", System.getenv().getOrDefault("PATH", ""))
                    .environment("REDIS_URL", redis.url())
                    .run(and(SHORT, "--json"));
            assertThat(outcome.exit()).isZero();
            assertThat(redis.jedis().dbSize()).isZero();
        }
    }

    @Test
    void whereASessionIsExecutingItRefuses() {
        try (RedisServer redis = RedisServer.start();
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build());
                StrokeSession session = hog.startStrokeSession(100, 108, "tatbotlogo")) {
            session.update(2, 7);
            String url = "redis://127.0.0.1:" + redis.port();
            Cli.Outcome outcome = Cli.with(redis).run(and(SHORT, "--redis", url));
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .isEqualTo("tatbot-state demo: session " + session.id() + " of hog is executing at 127.0.0.1:"
                            + redis.port()
                            + " (stroke 3 of 100); the demo would disturb those who watch it. Leave out --redis for a"
                            + " private Redis, wait until it has ended, or use --force.\n");
            assertThat(hog.keys(ai.tatbot.state.model.Keys.NODE_HEALTH)).isEmpty();
            assertThat(Cli.with(redis)
                            .run(and(SHORT, "--redis", url, "--force"))
                            .exit())
                    .isZero();
            session.end();
            Cli.Outcome free = Cli.with(redis).run(and(SHORT, "--redis", url, "--json"));
            assertThat(free.exit()).isZero();
            assertSound(free.out());
        }
    }

    @Test
    void withoutRedisItIsUnavailable() {
        Cli.Outcome outcome = Cli.bare().run("demo", "--redis", "redis://127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("tatbot-state demo: connecting: cannot connect to Redis at 127.0.0.1:1.");
    }

    @Test
    void figuresOutOfRangeAreWrongUsage() {
        Cli.Outcome outcome = Cli.bare().run("demo", "--strokes", "0");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("tatbot-state demo: --strokes must be from 1 to 100000, was 0\n");
        assertThat(Cli.bare().run("demo", "--rate", "0").err())
                .isEqualTo("tatbot-state demo: --rate must be from 0.1 to 10000, was 0\n");
        assertThat(Cli.bare().run("demo", "--force").exit()).isEqualTo(2);
        assertThat(Cli.bare().run("demo", "--seed", "1").exit()).isEqualTo(2);
        assertThat(Cli.bare()
                        .run("demo", "--chaos", "--redis", "redis://127.0.0.1:1")
                        .err())
                .isEqualTo(
                        "tatbot-state demo: --chaos needs a private Redis, whose plug may be pulled; leave out --redis.\n");
    }
}
