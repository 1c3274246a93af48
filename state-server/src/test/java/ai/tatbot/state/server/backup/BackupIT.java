package ai.tatbot.state.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Reaper;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.internal.KeyCopy;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.server.testkit.Cli;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.SafeEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** backup and restore against a real Redis: what comes back is what was there, and nothing else is touched. */
class BackupIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] BINARY = {0, 1, '\r', '\n', (byte) 0xff, (byte) 0xc3, 0x28, '"', 0};

    private static RedisServer shared;

    @TempDir
    Path folder;

    private Path file;

    @BeforeAll
    static void start() {
        shared = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        shared.close();
    }

    @BeforeEach
    void empty() {
        file = folder.resolve("tatbot.backup");
        shared.admin("FLUSHALL");
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }

    /** All kinds of keys, as all kinds of nodes write them, and some that no node should. */
    private static void fill(RedisServer redis) {
        try (StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build());
                LegacyNode python = LegacyNode.beside(redis);
                Jedis jedis = redis.jedis()) {
            StrokeSession ended = hog.startStrokeSession(Samples.tattoo());
            StrokeSession running = hog.startStrokeSession(Samples.tattoo());
            for (int pose = 1; pose < 300; pose++) {
                ended.update(0, pose);
            }
            running.update(1, 2);
            ended.end();
            hog.updateRobotState(Samples.robot("hog").build());
            hog.updateNodeHealth(Samples.health("hog").build());
            hog.reportError("robot", "needle stuck", Map.of("depth", 3));
            hog.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
            python.run("write", "ook", "stroke_ook_1755547777");
            jedis.hset("robot:state:odd".getBytes(StandardCharsets.US_ASCII), Map.of(BINARY, BINARY));
            jedis.set("robot:state:text".getBytes(StandardCharsets.US_ASCII), BINARY);
            byte[] name = "stroke:progress:".getBytes(StandardCharsets.US_ASCII);
            byte[] oddName = Arrays.copyOf(name, name.length + BINARY.length);
            System.arraycopy(BINARY, 0, oddName, name.length, BINARY.length);
            jedis.set(oddName, new byte[0], SetParams.setParams().ex(100_000));
        }
    }

    private static Cli.Outcome run(RedisServer redis, String... arguments) {
        return Cli.with(redis).run(arguments);
    }

    private Cli.Outcome backup() {
        return succeeded(run(shared, "backup", file.toString()));
    }

    private static Cli.Outcome succeeded(Cli.Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        return outcome;
    }

    private static void assertRefused(Cli.Outcome outcome, String... message) {
        assertThat(outcome.exit()).as(outcome.out()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(message);
    }

    static List<Path> programs() {
        return RedisServer.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everythingComesBackAsItWas(Path program) throws IOException {
        try (RedisServer redis = RedisServer.start(program)) {
            fill(redis);
            Contents before = Contents.of(redis);
            assertThat(before.values().keySet())
                    .contains("events:log", "index:nodes", "index:sessions", "robot:state:odd", "liveness:hog")
                    .hasSizeGreaterThanOrEqualTo(14);

            Cli.Outcome made = succeeded(run(redis, "backup", file.toString()));
            assertThat(made.out())
                    .isEqualTo(file + ": " + before.values().size() + " keys of redis " + redis.version()
                            + " at 127.0.0.1:" + redis.port() + ", " + Files.size(file) + " bytes\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            before.assertSameIn(redis);

            redis.admin("FLUSHALL");
            assertThat(succeeded(run(redis, "restore", file.toString(), "--dry-run"))
                            .out())
                    .endsWith(": " + before.values().size() + " keys would be written\n");
            assertThat(Contents.of(redis).values()).isEmpty();
            assertThat(succeeded(run(redis, "restore", file.toString())).out())
                    .startsWith(file + ", made ")
                    .endsWith(" of redis " + redis.version() + ": "
                            + before.values().size() + " keys written\n");
            before.assertSameIn(redis);
        }
    }

    @Test
    void whatIsNotOursIsLeftAlone() {
        fill(shared);
        shared.admin("SET other:application before", "SET {fleet}:robot:state:hog before", "SET events:logs before");
        backup();
        Contents before = Contents.of(shared);
        shared.admin("SET other:application after", "SET {fleet}:robot:state:hog after", "SET events:logs after");
        succeeded(run(shared, "restore", file.toString(), "--replace"));
        try (Jedis jedis = shared.jedis()) {
            assertThat(jedis.mget("other:application", "{fleet}:robot:state:hog", "events:logs"))
                    .containsExactly("after", "after", "after");
        }
        shared.admin("SET other:application before", "SET {fleet}:robot:state:hog before", "SET events:logs before");
        before.assertSameIn(shared);
    }

    @Test
    void aNamespaceIsABackupOfItsOwn() {
        shared.admin(
                "SET {fleet}:robot:state:hog 1",
                "SET {fleet}:anything 2",
                "SET robot:state:hog 3",
                "SET {fleet}2:robot:state:hog 4");
        Cli.Outcome made = succeeded(run(shared, "backup", file.toString(), "--namespace", "{fleet}", "--json"));
        assertThat(JSON.readTree(made.out()).get("keys").asInt()).isEqualTo(2);
        shared.admin("FLUSHALL");
        assertRefused(
                run(shared, "restore", file.toString()),
                "is of the namespace {fleet}, and no namespace is asked for. Nothing was written.");
        assertThat(Contents.of(shared).values()).isEmpty();
        succeeded(run(shared, "restore", file.toString(), "--namespace", "{fleet}"));
        assertThat(Contents.of(shared).values()).containsOnlyKeys("{fleet}:robot:state:hog", "{fleet}:anything");
    }

    @Test
    void whatHasExpiredStaysAway() {
        try (Jedis jedis = shared.jedis()) {
            jedis.set("node:health:hog", "old", SetParams.setParams().px(3_000));
            jedis.set("node:health:ook", "old", SetParams.setParams().px(3_000));
            jedis.set("node:health:eek", "alive", SetParams.setParams().px(3_600_000));
            backup();
            await().until(() -> !jedis.exists("node:health:hog") && !jedis.exists("node:health:ook"));
            jedis.set("node:health:ook", "new");
            JsonNode done = JSON.readTree(succeeded(run(shared, "restore", file.toString(), "--replace", "--json"))
                    .out());
            assertThat(done.get("keys").asInt()).isEqualTo(3);
            assertThat(done.get("written").asInt()).isEqualTo(1);
            assertThat(done.get("expired").asInt()).isEqualTo(2);
            assertThat(done.get("existing").asInt()).isEqualTo(1);
            assertThat(jedis.exists("node:health:hog")).isFalse();
            assertThat(jedis.get("node:health:ook")).isEqualTo("new");
            assertThat(jedis.get("node:health:eek")).isEqualTo("alive");
        }
    }

    @Test
    void aSessionThatWasExecutingDoesNotStayAlive() {
        try (StateManager hog = StateManager.connect(shared.options()
                .nodeId("hog")
                .sessionLease(Duration.ofMillis(300))
                .build())) {
            hog.startStrokeSession(Samples.tattoo());
            backup();
        }
        shared.admin("FLUSHALL");
        succeeded(run(shared, "restore", file.toString()));
        try (StateManager eek = StateManager.connect(shared.options()
                        .nodeId("eek")
                        .sessionLease(Duration.ofMillis(300))
                        .reapInterval(Duration.ofMillis(50))
                        .build());
                Reaper reaper = Reaper.start(eek)) {
            assertThat(eek.currentSession()).as(reaper.toString()).isPresent();
            await().until(() -> eek.currentSession().isEmpty());
            assertThat(run(shared, "get", "events:log", "--json").out())
                    .contains(SessionEndReason.INTERRUPTED.toString());
        }
    }

    @Test
    void keysThatExistAreOverwrittenOnlyIfThatIsSaid() {
        shared.admin("SET robot:state:hog old", "SET robot:state:ook old");
        backup();
        shared.admin("SET robot:state:hog new", "DEL robot:state:ook", "SET robot:state:eek new");
        Contents before = Contents.of(shared);
        for (List<String> more : List.of(List.<String>of(), List.of("--dry-run"))) {
            List<String> arguments = new ArrayList<>(List.of("restore", file.toString()));
            arguments.addAll(more);
            assertRefused(
                    run(shared, arguments.toArray(String[]::new)),
                    "1 of the 2 keys exist already, such as \"robot:state:hog\". Nothing was written.",
                    "--replace");
            before.assertSameIn(shared);
        }
        assertThat(succeeded(run(shared, "restore", file.toString(), "--replace"))
                        .out())
                .endsWith(": 2 keys written, 1 of them over those that there were\n");
        try (Jedis jedis = shared.jedis()) {
            assertThat(jedis.mget("robot:state:hog", "robot:state:ook", "robot:state:eek"))
                    .containsExactly("old", "old", "new");
        }
    }

    @Test
    void aDamagedFileIsRefusedAndNothingIsWritten() throws IOException {
        fill(shared);
        backup();
        shared.admin("FLUSHALL");
        byte[] whole = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.backup");
        List<byte[]> versions = new ArrayList<>();
        int step = Math.max(1, whole.length / 60);
        for (int i = 0; i < whole.length; i += step) {
            versions.add(Arrays.copyOf(whole, i));
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x10;
            versions.add(flipped);
        }
        versions.add(Arrays.copyOf(whole, whole.length - 1));
        versions.add(Arrays.copyOf(whole, whole.length + 1));
        for (byte[] version : versions) {
            Files.write(damaged, version);
            Cli.Outcome outcome = run(shared, "restore", damaged.toString(), "--replace");
            assertThat(outcome.exit()).as("%d bytes", version.length).isEqualTo(1);
            assertThat(outcome.err()).contains(damaged.toString()).doesNotContain("this should not happen");
        }
        assertThat(Contents.of(shared).values()).isEmpty();
        assertRefused(run(shared, "restore", folder.toString()), "cannot read " + folder);
        assertRefused(run(shared, "restore", folder.resolve("none").toString()), "(NoSuchFile)");
    }

    @Test
    void whatRedisCannotReadIsRefusedAndNothingIsWritten() {
        shared.admin("SET robot:state:hog 1");
        byte[] good;
        try (Jedis jedis = shared.jedis()) {
            good = jedis.dump("robot:state:hog");
        }
        // As of a Redis of the far future.
        byte[] newer = good.clone();
        newer[newer.length - 9] = 0x7f;
        shared.admin("FLUSHALL");
        write("robot:state:hog", good, "robot:state:ook", newer);
        for (String more : List.of("--replace", "--dry-run")) {
            assertRefused(
                    run(shared, "restore", file.toString(), more),
                    "restoring \"robot:state:ook\": Redis cannot read it: it comes from a newer Redis, or is damaged",
                    "Nothing was written.");
        }
        assertThat(Contents.of(shared).values()).isEmpty();
    }

    @Test
    void aKeyThatIsNotOursIsRefused() {
        shared.admin("SET robot:state:hog 1");
        byte[] good;
        try (Jedis jedis = shared.jedis()) {
            good = jedis.dump("robot:state:hog");
        }
        shared.admin("FLUSHALL");
        write("robot:state:hog", good, "other:application", good);
        assertRefused(run(shared, "restore", file.toString()), "holds \"other:application\", which is no key of ours.");
        assertThat(Contents.of(shared).values()).isEmpty();
    }

    /** A backup by hand. */
    private void write(Object... namesAndValues) {
        BackupHeader header = new BackupHeader("redis 99.0.0", Instant.now(), "", 0);
        try (BackupWriter writer = new BackupWriter(file, header, false)) {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                writer.write(new KeyCopy(
                        SafeEncoder.encode((String) namesAndValues[i]), (byte[]) namesAndValues[i + 1], null));
            }
            writer.finish();
        }
    }

    @Test
    void aFileIsReplacedOnlyIfThatIsSaid() throws IOException {
        Files.writeString(file, "precious");
        assertRefused(run(shared, "backup", file.toString()), file + " exists already.", "--replace");
        assertThat(file).hasContent("precious");
        fill(shared);
        succeeded(run(shared, "backup", file.toString(), "--replace"));
        assertThat(Files.size(file)).isGreaterThan(1_000);
        assertRefused(
                run(shared, "backup", folder.resolve("no/such/folder").toString()),
                "cannot write ",
                "Is there such a folder");
    }

    // ---- interruptions

    /** So many that copying them takes a while behind a proxy that delays. */
    private static void fillWithMany() {
        try (Jedis jedis = shared.jedis()) {
            for (int i = 0; i < 2_000; i++) {
                jedis.set("robot:state:r" + i, "x".repeat(100));
            }
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(found -> found.getFileName().toString()).toList();
        }
    }

    /** For the program, as a process of its own. */
    private static Map<String, String> environment(int port, String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "REDIS_HOST",
                "127.0.0.1",
                "REDIS_PORT",
                Integer.toString(port),
                "REDIS_PASSWORD",
                RedisServer.PASSWORD));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    private Program startBackup(Map<String, String> environment) {
        Program program = Program.start(environment, "backup", file.toString());
        await().until(() -> files().stream().anyMatch(name -> name.endsWith(".part")));
        return program;
    }

    @Test
    void aBackupThatIsInterruptedLeavesNothing() throws IOException {
        fillWithMany();
        try (Proxy proxy = Proxy.to(shared.port()).delay(Duration.ofMillis(50))) {
            Map<String, String> environment = environment(proxy.port());
            try (Program program = startBackup(environment)) {
                program.signal("TERM");
                assertThat(program.await(30)).isNotZero();
            }
            assertThat(files()).isEmpty();

            try (Program program = startBackup(environment)) {
                proxy.hold();
                assertThat(program.await(30)).isEqualTo(3);
                assertThat(program.err()).singleElement().asString().contains("did not answer in time");
            }
            assertThat(files()).isEmpty();
            proxy.release();

            try (Program program = startBackup(environment)) {
                program.signal("KILL");
                program.await(30);
            }
            assertThat(files()).singleElement().asString().endsWith(".part");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(files().get(0)))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aBackupOfTwoRedisIsNone() throws IOException {
        try (RedisServer redis = RedisServer.startDurable();
                Proxy proxy = Proxy.to(redis.port()).delay(Duration.ofMillis(20))) {
            try (Jedis jedis = redis.jedis()) {
                for (int i = 0; i < 1_000; i++) {
                    jedis.set("robot:state:r" + i, "x");
                }
            }
            try (Program program = startBackup(environment(proxy.port(), "STATE_RETRY_ATTEMPTS", "100"))) {
                redis.kill();
                redis.restart();
                assertThat(program.await(60)).isEqualTo(1);
                assertThat(program.err())
                        .singleElement()
                        .asString()
                        .contains("another Redis answers", "Nothing was kept");
            }
            assertThat(files()).isEmpty();
        }
    }

    // ---- rights

    @Test
    void theRightsThatAreNamedAreEnough() {
        fill(shared);
        shared.admin(
                "ACL SETUSER saver reset on >saver-password ~* +ping +info +time +dbsize +scan +multi +exec +dump +pttl",
                "ACL SETUSER bringer reset on >bringer-password ~* +ping +time +exists +restore");
        succeeded(as("saver").run("backup", file.toString()));
        Contents before = Contents.of(shared);
        shared.admin("FLUSHALL");
        assertRefused(as("saver").run("restore", file.toString()), "lacks a right");
        assertThat(Contents.of(shared).values()).isEmpty();
        succeeded(as("bringer").run("restore", file.toString()));
        before.assertSameIn(shared);
        shared.admin("ACL SETUSER saver -dump");
        assertRefused(as("saver").run("backup", file.toString(), "--replace"), "lacks a right", "dump");
    }

    private static Cli as(String user) {
        return Cli.with(shared).environment("REDIS_USERNAME", user).environment("REDIS_PASSWORD", user + "-password");
    }
}
