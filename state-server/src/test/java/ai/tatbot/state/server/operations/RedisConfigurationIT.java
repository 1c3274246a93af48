package ai.tatbot.state.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** The redis.conf that setup-eek installs, but for addresses, files and users, which a test has of its own. */
class RedisConfigurationIT {
    private static final Path TEMPLATE = Path.of("../ops/redis/redis.conf");
    private static final Set<String> OF_THE_TEST =
            Set.of("aclfile", "bind", "port", "dir", "logfile", "daemonize", "maxmemory", "protected-mode", "save");

    private RedisServer redis;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start(settings("--maxmemory", "12mb").toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private static List<String> settings(String... more) throws IOException {
        List<String> settings = new ArrayList<>();
        for (String line : Files.readAllLines(TEMPLATE)) {
            String[] words = line.strip().split("\\s+");
            if (!line.isBlank()
                    && !line.startsWith("#")
                    && !OF_THE_TEST.contains(words[0])
                    && !words[0].startsWith("tls-")) {
                settings.add("--" + words[0]);
                settings.addAll(List.of(words).subList(1, words.length));
            }
        }
        settings.addAll(List.of(more));
        return settings;
    }

    private StateManager hog() {
        return StateManager.connect(redis.options().nodeId("hog").build());
    }

    /** Fills the memory with what expires, as old sessions do, until nothing more is taken, be it ever so small. */
    private static void fill(Jedis jedis) {
        int number = 0;
        for (int size : new int[] {16 * 1024, 512, 16}) {
            byte[] ballast = new byte[size];
            try {
                while (true) {
                    byte[] key = ("ballast:" + number++).getBytes(StandardCharsets.US_ASCII);
                    jedis.set(key, ballast, SetParams.setParams().ex(3600));
                }
            } catch (JedisDataException e) {
                assertThat(e).hasMessageStartingWith("OOM");
            }
        }
    }

    @Test
    void whenTheMemoryIsFullWritesFailLoudlyAndNothingIsEvicted() {
        try (StateManager hog = hog();
                Jedis jedis = redis.jedis()) {
            hog.updateRobotState(Samples.robot("hog").build());
            hog.updateNodeHealth(Samples.health("hog").build());
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            session.update(3, 7);
            Map<String, String> robot = jedis.hgetAll("robot:state:hog");
            fill(jedis);
            long keys = jedis.dbSize();
            int refused = 0;
            for (int i = 0; i < 200; i++) {
                try {
                    hog.updateRobotState(Samples.robot("hog").build());
                } catch (StateException e) {
                    assertThat(e.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
                    refused++;
                }
            }
            assertThat(refused).isPositive();
            assertThat(jedis.dbSize()).isEqualTo(keys);
            assertThat(jedis.info("stats")).contains("evicted_keys:0");
            assertThat(hog.robotState("hog")).isPresent();
            assertThat(hog.strokeProgress(session.id()).orElseThrow().value().poseIdx())
                    .isEqualTo(7);
            assertThat(jedis.hgetAll("robot:state:hog").keySet()).isEqualTo(robot.keySet());
            for (int i = 0; i < 400; i++) {
                jedis.unlink("ballast:" + i);
            }
            Awaitility.await().until(() -> {
                session.update(4, 8);
                return true;
            });
            assertThat(hog.robotState("hog")).isPresent();
        }
    }

    @Test
    void viewersAreToldAtOnceOfAKeyThatIsGone() {
        try (StateManager hog = hog();
                StateManager ook =
                        StateManager.connect(redis.options().nodeId("ook").build());
                Jedis jedis = redis.jedis()) {
            hog.updateRobotState(Samples.robot("hog").build());
            StateMirror mirror = ook.mirror();
            Awaitility.await().until(() -> mirror.robotState("hog").isPresent());
            assertThat(jedis.pubsubNumSub("__keyevent@0__:expired")).containsValue(1L);
            jedis.del("robot:state:hog");
            Awaitility.await().until(() -> mirror.robotState("hog").isEmpty());
        }
    }

    /**
     * Redis reads its log as the user default; of one that may not do all that is in it, versions of before 2026 drop every transaction
     * (redis/redis#14541).
     */
    @Test
    void whatScriptsHaveWrittenIsThereAfterARestartThoughNobodyIsTheUserDefault(@TempDir Path folder)
            throws IOException {
        String users = Files.readString(Path.of("../ops/redis/users.acl"))
                .replace("#@ADMIN_HASH@", ">" + RedisServer.PASSWORD);
        Path file = folder.resolve("users.acl");
        Files.writeString(
                file, users.replaceAll("user default .*", "user default on >" + RedisServer.PASSWORD + " ~* &* +@all"));
        try (RedisServer fleet =
                RedisServer.start(settings("--aclfile", file.toString()).toArray(String[]::new))) {
            StateOptions.Builder admin = fleet.options().username("admin");
            String session;
            try (StateManager hog = StateManager.connect(admin.nodeId("hog").build())) {
                session = hog.startStrokeSession(Samples.tattoo()).id();
                hog.updateRobotState(Samples.robot("hog").build());
            }
            fleet.kill();
            Files.writeString(file, users);
            fleet.restart();
            try (StateManager ook = StateManager.connect(admin.nodeId("ook").build())) {
                assertThat(ook.strokeProgress(session)).isPresent();
                assertThat(ook.robotState("hog")).isPresent();
            }
            assertThat(fleet.log()).doesNotContain("AOF-loading-client");
            // And nobody is that user.
            for (String password : List.of("", RedisServer.PASSWORD, "default")) {
                StateException refused = Assertions.catchThrowableOfType(
                        StateException.class,
                        () -> StateManager.connect(
                                        fleet.options().password(password).build())
                                .close());
                assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            }
        }
    }

    /** The system has the bytes before Redis answers: only a power failure costs the last second. */
    @Test
    void nothingIsLostWhenRedisIsKilled() {
        try (StateManager hog = hog()) {
            long rev = hog.updateRobotState(Samples.robot("hog").build());
            redis.kill();
            redis.restart();
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> Long.valueOf(rev)
                            .equals(hog.robotState("hog").orElseThrow().rev()));
        }
    }
}
