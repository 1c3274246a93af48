package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.env.EnvFile;
import ai.tatbot.state.server.testkit.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** node add, rotate, update, remove, list: users of a real Redis, which keeps them over a restart. */
class NodeCommandIT {
    @TempDir
    Path folder;

    private RedisServer redis;

    @BeforeEach
    void start() throws IOException {
        Path users = folder.resolve("users.acl");
        Files.writeString(users, "user default on >" + RedisServer.PASSWORD + " ~* &* +@all\n");
        redis = RedisServer.start("--aclfile", users.toString());
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private Cli.Outcome run(String... arguments) {
        return Cli.with(redis).run(arguments);
    }

    /** Connects as a node does that has this .env. */
    private StateManager login(String env) {
        return StateManager.connect(
                StateOptions.fromEnvironment(EnvFile.parse(env)).build());
    }

    private String add(String name, String role) {
        Cli.Outcome outcome = run("node", "add", name, "--role", role, "--address", "127.0.0.1");
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        return outcome.out();
    }

    @Test
    void addPrintsTheEnvironmentOfANodeThatCanDoWhatItsRoleMay() {
        String env = add("hog", "robot");
        assertThat(env.lines())
                .startsWith("# hog: Robot. Keep this readable by its owner only (chmod 600).")
                .contains("REDIS_URL=redis://127.0.0.1:" + redis.port(), "REDIS_USERNAME=hog", "STATE_NODE_ID=hog");
        assertThat(EnvFile.parse(env).get("REDIS_PASSWORD")).matches("[A-Za-z0-9_-]{43}");
        try (StateManager hog = login(env)) {
            hog.updateRobotState(Samples.robot("hog").build());
            Assertions.assertThatThrownBy(
                            () -> hog.updateRobotState(Samples.robot("hog2").build()))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(StateException.Reason.DENIED));
        }
    }

    @Test
    void theUserOutlivesARestartAndItsPasswordIsKeptNowhere() throws IOException {
        String env = add("ook", "node");
        redis.kill();
        redis.restart();
        try (StateManager ook = login(env)) {
            ook.systemStatus();
        }
        assertThat(Files.readString(folder.resolve("users.acl")))
                .contains("user ook")
                .doesNotContain(EnvFile.parse(env).get("REDIS_PASSWORD"));
    }

    @Test
    void whatIsThereIsNotOverwritten() {
        String env = add("ook", "node");
        Cli.Outcome again = run("node", "add", "ook", "--role", "robot");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err())
                .contains("there is a user ook already. node rotate ook gives it another password, node update ook the"
                        + " rights of this version");
        login(env).close();
    }

    @Test
    void intoAFolder() throws IOException {
        Path out = folder.resolve("hog");
        Cli.Outcome outcome =
                run("node", "add", "hog", "--role", "robot", "--out", out.toString(), "--node-folder", out.toString());
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEmpty();
        for (String file : List.of("hog.env", "hog.password")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve(file))))
                    .isEqualTo("rw-------");
        }
        String env = Files.readString(out.resolve("hog.env"));
        assertThat(EnvFile.parse(env)).containsEntry("REDIS_PASSWORD_FILE", out + "/hog.password");
        assertThat(env)
                .doesNotContain(Files.readString(out.resolve("hog.password")).strip());
        assertThat(run("status", "--env", out.resolve("hog.env").toString()).exit())
                .isZero();
    }

    @Test
    void rotation() {
        String before = add("hog", "robot");
        Cli.Outcome begun = run("node", "rotate", "hog", "--address", "127.0.0.1");
        assertThat(begun.exit()).as(begun.err()).isZero();
        String after = begun.out();
        try (StateManager old = login(before);
                StateManager young = login(after)) {
            old.updateRobotState(Samples.robot("hog").build());
            assertThat(run("node", "list").lines())
                    .anyMatch(line -> line.matches("hog +robot +by 2 passwords: a rotation is not finished"));
            assertThat(run("node", "rotate", "hog").err()).contains("a rotation is not finished");
            Cli.Outcome finished = run("node", "rotate", "hog", "--finish");
            assertThat(finished.out()).matches("(?s)hog: 1 old password removed, [0-9]+ connections? cut[.]\\s*");
            // Whoever has the new one is back; whoever has the old one is not.
            young.updateRobotState(Samples.robot("hog").build());
            Assertions.assertThatThrownBy(() -> Awaitility.await()
                            .until(() ->
                                    old.updateRobotState(Samples.robot("hog").build()) < 0))
                    .hasMessageContaining("password");
        }
        assertThat(run("node", "rotate", "hog", "--finish").out()).contains("nothing to finish");
    }

    @Test
    void updateGivesTheRightsOfThisVersionAndKeepsPasswords() {
        String env = add("hog", "robot");
        add("ook", "node");
        assertThat(run("node", "update").out()).contains("Nothing changed: 2 users");
        withoutRightsTo("robot:state:hog", "hog");
        Cli.Outcome outcome = run("node", "update", "--json");
        assertThat(outcome.out()).contains("\"updated\":[\"hog\"]").contains("\"unchanged\":[\"ook\"]");
        try (StateManager hog = login(env)) {
            hog.updateRobotState(Samples.robot("hog").build());
            hog.startStrokeSession(Samples.tattoo()).end();
        }
    }

    /** As an older version would have made it, in which that key had another name. */
    private void withoutRightsTo(String key, String user) {
        try (Jedis jedis = redis.jedis()) {
            String start = "user " + user + " ";
            String rules = jedis.aclList().stream()
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElseThrow()
                    .substring(start.length())
                    .replaceAll("\\([^)]*" + key + "[^)]*\\) ?", "");
            // What is in brackets is one word.
            String[] words = rules.strip().split(" (?![^(]*\\))", -1);
            jedis.aclSetUser(
                    user, Stream.concat(Stream.of("reset"), Stream.of(words)).toArray(String[]::new));
        }
    }

    @Test
    void aRoleIsChangedByItsName() {
        String env = add("hog", "node");
        Cli.Outcome outcome = run("node", "update", "hog", "--role", "robot");
        assertThat(outcome.out()).as(outcome.err()).contains("Updated: hog");
        try (StateManager hog = login(env)) {
            hog.updateRobotState(Samples.robot("hog").build());
        }
        assertThat(run("node", "update", "--role", "robot").exit()).isEqualTo(2);
    }

    @Test
    void aPasswordThatCouldNotBeHandedOverIsNotGood() throws IOException {
        Path out = folder.resolve("out");
        // A folder by the name of the file.
        Files.createDirectories(out.resolve("hog.password").resolve("full"));
        Cli.Outcome added = run("node", "add", "hog", "--out", out.toString());
        assertThat(added.exit()).isNotZero();
        assertThat(run("node", "list").out()).doesNotContain("hog");
        String env = add("hog", "node");
        assertThat(run("node", "rotate", "hog", "--out", out.toString()).exit()).isNotZero();
        assertThat(run("node", "rotate", "hog", "--finish").out()).contains("nothing to finish");
        login(env).close();
    }

    @Test
    void aRotationIsUndone() throws IOException {
        String env = add("hog", "node");
        assertThat(run("node", "rotate", "hog", "--undo").err()).contains("nothing to undo");
        Path out = folder.resolve("out");
        assertThat(run("node", "rotate", "hog", "--out", out.toString()).exit()).isZero();
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("hog.password");
        }
        try (StateManager hog = login(env)) {
            assertThat(run("node", "rotate", "hog", "--undo").out()).contains("the newest password is good no more");
            hog.systemStatus();
        }
        login(env).close();
        assertThat(run("node", "rotate", "hog", "--finish").out()).contains("nothing to finish");
    }

    /** Redis does not tell its replicas of users; after a failover nobody would be let in. */
    @Test
    void replicasGetTheSameUsers() throws IOException {
        Path users = folder.resolve("replica.acl");
        Files.writeString(users, "user default on >" + RedisServer.PASSWORD + " ~* &* +@all\n");
        try (RedisServer replica = RedisServer.start(
                "--aclfile", users.toString(), "--replicaof", "127.0.0.1", Integer.toString(redis.port()))) {
            Awaitility.await().until(() -> role(redis).contains("state=online"));
            String env = add("hog", "robot");
            assertThat(line(replica, "hog")).isEqualTo(line(redis, "hog")).contains("~robot:state:hog");
            String after =
                    run("node", "rotate", "hog", "--address", "127.0.0.1").out();
            run("node", "rotate", "hog", "--finish");
            assertThat(line(replica, "hog")).isEqualTo(line(redis, "hog"));
            replica.admin("ACL DELUSER hog");
            assertThat(run("node", "update").exit()).isZero();
            assertThat(line(replica, "hog")).isEqualTo(line(redis, "hog"));
            assertThat(Files.readString(users)).contains("user hog");
            assertThat(env).isNotEqualTo(after);
            run("node", "remove", "hog");
            assertThat(line(replica, "hog")).isEmpty();
        }
    }

    private static String role(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("replication");
        }
    }

    /** The words of a user's rules, in order: that in which a server names commands is its own. */
    private static String line(RedisServer server, String user) {
        try (Jedis jedis = server.jedis()) {
            return jedis.aclList().stream()
                    .filter(line -> line.startsWith("user " + user + " "))
                    .flatMap(line -> Stream.of(line.split("(?=\\()")))
                    .map(part -> Stream.of(part.split("[ ()]+")).sorted().collect(Collectors.joining(" ")))
                    .collect(Collectors.joining("; "));
        }
    }

    @Test
    void remove() {
        String env = add("rpi2", "node");
        assertThat(run("node", "remove", "rpi2").out()).contains("rpi2 is removed");
        Assertions.assertThatThrownBy(() -> login(env)).isInstanceOf(StateException.class);
        assertThat(run("node", "remove", "rpi2").exit()).isEqualTo(4);
        assertThat(run("node", "remove", "default").exit()).isEqualTo(1);
    }

    @Test
    void aUserOfOldNodes() throws IOException {
        Path file = folder.resolve("legacy");
        String password = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
        Files.writeString(file, password + "\n");
        redis.admin("ACL SETUSER admin on >secret ~* &* +@all");
        Cli cli = Cli.bare()
                .environment("REDIS_URL", "redis://127.0.0.1:" + redis.port())
                .environment("REDIS_USERNAME", "admin")
                .environment("REDIS_PASSWORD", "secret");
        assertThat(cli.run("node", "add", "default", "--role", "python", "--given-password-file", file.toString())
                        .exit())
                .as(cli.err())
                .isZero();
        try (Jedis old = new Jedis("127.0.0.1", redis.port())) {
            old.auth(password);
            old.hset("robot:state:oop", "state", "{}");
            assertThat(old.keys("robot:state:*")).containsExactly("robot:state:oop");
        }
    }

    /** Passwords of any printable characters, from the file that an administrator writes to a node that logs in. */
    @Test
    void passwordsWithEveryPrintableCharacterSurviveTheWholeWay() throws IOException {
        Random random = new Random(20261126);
        for (int i = 0; i < 10; i++) {
            String password = random.ints(i == 0 ? 95 : 1 + random.nextInt(40), ' ', '~' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .append('x')
                    .toString();
            Path given = folder.resolve("given");
            Files.writeString(given, password + "\n");
            Path out = folder.resolve("out" + i);
            String name = "rpi" + i;
            for (String[] more : new String[][] {
                {"--address", "127.0.0.1"},
                {"--address", "127.0.0.1", "--out", out.toString(), "--node-folder", out.toString()}
            }) {
                run("node", "remove", name);
                String[] command = Stream.concat(
                                Stream.of("node", "add", name, "--given-password-file", given.toString()),
                                Stream.of(more))
                        .toArray(String[]::new);
                Cli.Outcome outcome = run(command);
                assertThat(outcome.exit()).as("%s: %s", password, outcome.err()).isZero();
                String env = more.length > 2 ? Files.readString(out.resolve(name + ".env")) : outcome.out();
                login(env).close();
                if (more.length > 2) {
                    assertThat(run("status", "--env", out.resolve(name + ".env").toString())
                                    .exit())
                            .as(password)
                            .isZero();
                }
            }
        }
    }

    @Test
    void aRedisThatKeepsNoUsersIsRefused() {
        try (RedisServer forgetful = RedisServer.start()) {
            Cli.Outcome outcome = Cli.with(forgetful).run("node", "add", "ook");
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err()).contains("keeps no file of users").contains("Set aclfile");
        }
    }

    @Test
    void aRedisThatIsTooOldIsRefused() {
        try (RedisServer old = RedisServer.start(RedisServer.bundled())) {
            Cli.Outcome outcome = Cli.with(old).run("node", "add", "ook");
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err()).contains("users with rights of their own need Redis 7.0 or later");
        }
    }
}
