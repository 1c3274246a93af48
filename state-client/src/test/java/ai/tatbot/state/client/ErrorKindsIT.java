package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.GarbageServer;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.Proxy.Direction;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Each way in which a server can be the wrong one, or not itself, has a reason and a message of its own. */
class ErrorKindsIT {
    @Test
    void wrongPasswordAndUser() {
        try (RedisServer redis = RedisServer.start()) {
            for (StateOptions.Builder options : List.of(
                    redis.options().password("wrong"),
                    redis.options().username("nobody"),
                    redis.options().password(null),
                    redis.options().password(null).database(3))) {
                assertThat(refused(options).reason()).isEqualTo(Reason.DENIED);
            }
        }
    }

    @Test
    void aDatabaseThatDoesNotExist() {
        try (RedisServer redis = RedisServer.start("--databases", "2")) {
            StateManager.connect(redis.options().database(1).build()).close();
            assertThat(refused(redis.options().database(2))).hasMessageContaining("DB index is out of range");
        }
    }

    @Test
    void aCluster() {
        try (RedisServer redis = RedisServer.start("--cluster-enabled", "yes")) {
            StateException refused = refused(redis.options());
            assertThat(refused.reason()).isEqualTo(Reason.MISCONFIGURED);
            assertThat(refused)
                    .hasMessage(
                            "connecting: 127.0.0.1:" + redis.port()
                                    + " is part of a Redis Cluster, which is not supported. Use a single Redis, or one with replicas.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "220 mail.example ESMTP\r\n",
                "+OK POP3\r\n",
                "-nonsense\r\n",
                ":12\r\n",
                "*-7\r\n",
                "$2147483647\r\n",
                "\u0000\u0001\u0002\r\n"
            })
    void whatIsNoRedis(String answer) {
        try (GarbageServer server = GarbageServer.saying(answer.getBytes(StandardCharsets.ISO_8859_1))) {
            StateException refused = refused(
                    StateOptions.builder().host("127.0.0.1").port(server.port()).timeout(Duration.ofMillis(500)));
            assertThat(refused.reason()).isEqualTo(Reason.MISCONFIGURED);
            assertThat(refused)
                    .hasMessage("connecting: what listens at 127.0.0.1:" + server.port()
                            + " is not Redis. Check host and port.");
        }
    }

    @Test
    void garbageInPlaceOfAnAnswer() {
        for (int seed = 0; seed < 20; seed++) {
            try (GarbageServer server = GarbageServer.random(seed)) {
                assertThat(refused(StateOptions.builder()
                                        .host("127.0.0.1")
                                        .port(server.port())
                                        .timeout(Duration.ofMillis(200)))
                                .reason())
                        .isIn(Reason.MISCONFIGURED, Reason.TIMEOUT, Reason.UNAVAILABLE);
            }
        }
    }

    @Test
    void garbageOnAConnectionThatWorked() {
        try (RedisServer redis = RedisServer.start();
                Proxy proxy = Proxy.to(redis.port());
                StateManager state = StateManager.connect(
                        redis.options().port(proxy.port()).nodeId("hog").build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            proxy.garbage(Direction.TO_CLIENT);
            // A transition is not repeated, so it says that the connection broke; the next one has a new connection.
            StateException broken = Assertions.catchThrowableOfType(StateException.class, session::pause);
            assertThat(broken.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(broken).hasMessageContaining("It is not known whether this was stored.");
            session.update(1, 1);
            proxy.garbage(Direction.TO_CLIENT);
            assertThat(state.strokeProgress(session.id())).isPresent();
        }
    }

    @Test
    void aReplicaRefusesAndTheConnectionIsDropped() {
        try (RedisServer redis = RedisServer.start();
                RedisServer other = RedisServer.start();
                Proxy proxy = Proxy.to(redis.port());
                StateManager state = StateManager.connect(
                        redis.options().port(proxy.port()).nodeId("hog").build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            redis.replicaOf(other);
            int before = proxy.connections();
            StateException refused = Assertions.catchThrowableOfType(StateException.class, session::pause);
            assertThat(refused.reason()).isEqualTo(Reason.READ_ONLY);
            assertThat(refused).hasMessageContaining("is a replica. Nothing was stored. Connect to the primary.");
            redis.promote();
            state.startStrokeSession(Samples.tattoo());
            assertThat(proxy.connections()).isGreaterThan(before);
        }
    }

    @Test
    void aRedisThatIsLoading() {
        try (RedisServer redis = RedisServer.startDurable()) {
            try (Jedis jedis = redis.jedis()) {
                for (int i = 0; i < 400; i++) {
                    jedis.set("loading:" + i, "x".repeat(1_000));
                }
            }
            // Only a snapshot can be loaded slowly on purpose.
            redis.admin("BGREWRITEAOF");
            Awaitility.await()
                    .until(() ->
                            redis.info("persistence", "aof_rewrite_in_progress").equals("0")
                                    && redis.info("persistence", "aof_rewrite_scheduled")
                                            .equals("0")
                                    && !redis.info("persistence", "aof_last_rewrite_time_sec")
                                            .equals("-1"));
            redis.kill();
            // 20 ms for each key, and a look at the clients after each kilobyte.
            redis.restartLoading("--key-load-delay", "20000", "--loading-process-events-interval-bytes", "1024");
            StateException loading = refused(redis.options().retryAttempts(1));
            assertThat(loading.reason()).isEqualTo(Reason.BUSY);
            assertThat(loading)
                    .hasMessageContaining("is not ready: LOADING ")
                    .hasMessageEndingWith(". Try again soon.");
        }
    }

    @Test
    void aRedisThatCannotSave(@TempDir Path folder) throws Exception {
        try (RedisServer redis = RedisServer.start("--dir", folder.toString(), "--save", "1000000 1");
                StateManager state =
                        StateManager.connect(redis.options().nodeId("hog").build())) {
            // A folder by the name of the file: even root cannot write there.
            Files.createDirectories(folder.resolve("dump.rdb").resolve("full"));
            redis.admin("BGSAVE");
            Awaitility.await()
                    .until(() ->
                            redis.info("persistence", "rdb_last_bgsave_status").equals("err"));
            StateException refused = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> state.updateNodeHealth(Samples.health("hog").build()));
            assertThat(refused.reason()).isEqualTo(Reason.READ_ONLY);
            assertThat(refused).hasMessageContaining("takes no writes now: MISCONF");
        }
    }

    @Test
    void tooFewReplicasAndTooLittleMemory() {
        try (RedisServer redis = RedisServer.start();
                StateManager state =
                        StateManager.connect(redis.options().nodeId("hog").build())) {
            redis.admin("CONFIG SET min-replicas-to-write 1");
            StateException replicas = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> state.updateNodeHealth(Samples.health("hog").build()));
            assertThat(replicas.reason()).isEqualTo(Reason.READ_ONLY);
            assertThat(replicas).hasMessageContaining("NOREPLICAS");
            redis.admin("CONFIG SET min-replicas-to-write 0", "CONFIG SET maxmemory 1");
            StateException memory = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> state.updateNodeHealth(Samples.health("hog").build()));
            assertThat(memory.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
        }
    }

    @Test
    void tooManyClients() {
        try (RedisServer redis = RedisServer.start("--maxclients", "4")) {
            List<Jedis> others = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    Jedis other = redis.jedis();
                    other.ping();
                    others.add(other);
                }
                // What Redis says may be overtaken by the end of the connection.
                Awaitility.await().untilAsserted(() -> {
                    StateException full = refused(redis.options());
                    assertThat(full.reason()).isEqualTo(Reason.UNAVAILABLE);
                    assertThat(full).hasMessageContaining("takes no more connections. Raise its maxclients");
                });
            } finally {
                others.forEach(Jedis::close);
            }
            Awaitility.await()
                    .untilAsserted(
                            () -> StateManager.connect(redis.options().build()).close());
        }
    }

    @Test
    void replicasThatDoNotConfirm() {
        try (RedisServer redis = RedisServer.start();
                RedisServer replica = RedisServer.start();
                StateManager state = StateManager.connect(redis.options()
                        .replicas(1)
                        .replicaTimeout(Duration.ofMillis(150))
                        .nodeId("hog")
                        .build())) {
            replica.replicaOf(redis);
            long revision = state.updateNodeHealth(Samples.health("hog").build());
            replica.freeze();
            try {
                StateException late = Assertions.catchThrowableOfType(
                        StateException.class,
                        () -> state.updateNodeHealth(Samples.health("hog").build()));
                assertThat(late.reason()).isEqualTo(Reason.NOT_REPLICATED);
                assertThat(late)
                        .hasMessage(
                                "writing node:health:hog: stored, but only 0 of 1 replicas confirmed it within 150 ms."
                                        + " Look at the replicas; a failover now may lose it.");
                assertThat(state.nodeHealth("hog").orElseThrow().rev()).isEqualTo(revision + 1);
            } finally {
                replica.thaw();
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(
                                    state.updateNodeHealth(Samples.health("hog").build()))
                            .isPositive());
        }
    }

    @Test
    void aConfirmedWriteIsOneRoundTrip() {
        try (RedisServer redis = RedisServer.start();
                RedisServer replica = RedisServer.start();
                Proxy proxy = Proxy.to(redis.port()).delay(Duration.ofMillis(5));
                StateManager state = StateManager.connect(redis.options()
                        .port(proxy.port())
                        .replicas(1)
                        .nodeId("hog")
                        .build())) {
            replica.replicaOf(redis);
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            session.update(0, 1);
            int before = proxy.turns();
            for (int pose = 2; pose <= 6; pose++) {
                session.update(0, pose);
            }
            assertThat(proxy.turns() - before).isEqualTo(5);
        }
    }

    private static StateException refused(StateOptions.Builder options) {
        StateException refused = Assertions.catchThrowableOfType(
                StateException.class,
                () -> StateManager.connect(options.build()).close());
        assertThat(refused).as("the connection is refused").isNotNull();
        return refused;
    }
}
