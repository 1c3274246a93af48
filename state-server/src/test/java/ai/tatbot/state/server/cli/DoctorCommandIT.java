package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.GarbageServer;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Cli;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What doctor prints, and how it ends. What it finds is DoctorIT's. */
class DoctorCommandIT {
    private static final JsonMapper JSON = new JsonMapper();

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start("--appendonly", "yes", "--maxmemory", "100mb");
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static Cli.Outcome doctor(Cli cli, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "doctor";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return cli.run(arguments);
    }

    @Test
    void aLineForEachCheckAndWhatToDo() {
        Cli.Outcome outcome = doctor(Cli.with(redis), "--role", "node");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.lines())
                .startsWith("This node")
                .contains("Way to Redis", "Access", "Redis", "Time and messages", "Fleet")
                .anyMatch(line -> line.matches("  OK    eviction policy    noeviction: .*"))
                .contains("  WARN  excess rights      user default may do everything, FLUSHALL for one")
                .anyMatch(
                        line -> line.matches(" {27}-> Give this node a user of its own: tatbot-state node add cli .*"))
                .anyMatch(line -> line.matches(" {27}below .* \\[#+\\.*] [0-9]+"));
        assertThat(outcome.lines().get(outcome.lines().size() - 1))
                .matches("1 warning, [0-9]+ OK: [0-9]+ checks in [0-9.]+ m?s\\.");
    }

    @Test
    void allIsWell() {
        Cli.Outcome outcome = doctor(Cli.with(redis), "--role", "admin", "--strict");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("\nAll is well: ").doesNotContain("WARN", "FAIL", "Not checked");
    }

    @Test
    void aWarningCountsWhereItIsAskedTo() {
        assertThat(doctor(Cli.with(redis), "--role", "node", "--strict").exit()).isEqualTo(1);
        assertThat(doctor(Cli.with(redis).environment("REDIS_PASSWORD", "stale"))
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void json() {
        Cli.Outcome outcome = doctor(Cli.with(redis), "--role", "node", "--json");
        JsonNode report = JSON.readTree(outcome.out());
        assertThat(outcome.exit()).isZero();
        assertThat(report.get("verdict").asString()).isEqualTo("warn");
        assertThat(report.get("counts").get("warn").asInt()).isEqualTo(1);
        JsonNode latency = check(report, "latency");
        assertThat(latency.get("latency").get("count").asInt()).isEqualTo(500);
        assertThat(latency.get("latency").get("p50_us").asLong()).isPositive();
        assertThat(latency.get("latency").get("histogram").size()).isPositive();
        assertThat(check(report, "excess_rights").get("advice").asString()).contains("node add");
        assertThat(check(report, "memory_limit").get("figures").get("maxmemory").asLong())
                .isEqualTo(100 * 1024 * 1024);
    }

    private static JsonNode check(JsonNode report, String name) {
        for (JsonNode check : report.get("checks")) {
            if (check.get("check").asString().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name);
    }

    @Test
    void withoutRedisItIsUnavailable() {
        int port;
        try (GarbageServer gone = GarbageServer.echo()) {
            port = gone.port();
        }
        Cli.Outcome outcome = doctor(
                Cli.bare().environment("REDIS_HOST", "127.0.0.1").environment("REDIS_PORT", Integer.toString(port)));
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.lines())
                .contains("  FAIL  connection         nobody listens at 127.0.0.1:" + port, "Not checked")
                .anyMatch(line -> line.endsWith("Redis cannot be reached; what needs it was not checked."));
    }

    @Test
    void wrongConfigurationIsFound() {
        Cli.Outcome outcome = doctor(Cli.bare().environment("REDIS_PORT", "many"));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).contains("  FAIL  configuration      REDIS_PORT: must be a number");
    }

    @Test
    void wrongUsage() {
        Cli.Outcome outcome = doctor(Cli.with(redis), "--role", "king");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("--role must be one of node, python, robot, server, admin, was \"king\"");
    }

    @Test
    void theEnvFileOfANodeIsASecret(@TempDir Path folder) throws IOException {
        Path env = Files.writeString(
                folder.resolve("hog.env"),
                "REDIS_URL=redis://127.0.0.1:" + redis.port() + "\nREDIS_PASSWORD=" + RedisServer.PASSWORD
                        + "\nSTATE_NODE_ID=hog\n");
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-r--r--"));
        JsonNode open = JSON.readTree(
                doctor(Cli.bare(), "--env", env.toString(), "--json").out());
        assertThat(check(open, "secrets").get("verdict").asString()).isEqualTo("fail");
        assertThat(open.get("node").asString()).isEqualTo("hog");
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
        JsonNode closed = JSON.readTree(
                doctor(Cli.bare(), "--env", env.toString(), "--json").out());
        assertThat(check(closed, "secrets").get("verdict").asString()).isEqualTo("ok");
    }

    @Test
    void noPasswordIsEverShown() {
        for (List<String> options : List.of(List.<String>of(), List.of("--json"), List.of("--deep"))) {
            Cli.Outcome outcome = doctor(Cli.with(redis), options.toArray(String[]::new));
            assertThat(outcome.out() + outcome.err()).doesNotContain(RedisServer.PASSWORD);
        }
    }

    @Test
    void interruptedItLeavesNothing() {
        try (Program doctor = deep()) {
            awaitRehearsal();
            doctor.signal("INT");
            doctor.await(20);
            assertThat(scratch()).isEmpty();
        }
    }

    @Test
    void whatAKilledOneLeftTheNextOneRemoves() {
        try (Program doctor = deep()) {
            awaitRehearsal();
            doctor.signal("KILL");
            doctor.await(20);
        }
        assertThat(scratch()).isNotEmpty();
        // It waits until it is sure that the other is gone.
        try (Program doctor = deep()) {
            assertThat(doctor.await(60)).isZero();
            assertThat(String.join("\n", doctor.out())).contains(" that an earlier run had left");
            assertThat(scratch()).isEmpty();
        }
    }

    private static Program deep() {
        return Program.start(
                Map.of(
                        "REDIS_HOST",
                        "127.0.0.1",
                        "REDIS_PORT",
                        Integer.toString(redis.port()),
                        "REDIS_PASSWORD",
                        RedisServer.PASSWORD,
                        "STATE_NODE_ID",
                        "hog"),
                "doctor",
                "--deep");
    }

    private static void awaitRehearsal() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scratch().size() >= 4);
    }

    private static Set<String> scratch() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.keys("doctor_hog:*");
        }
    }
}
