package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.async.AsyncStateManager;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** The status of many nodes says of each what is stored, whatever is wrong with the others. */
class StatusIT {
    private static RedisServer redis;

    private StateManager state;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL");
        state = StateManager.connect(redis.options().nodeId("hog").build());
    }

    @AfterEach
    void disconnect() {
        state.close();
    }

    /** Nodes are put together a hundred at a time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 200, 201})
    void eachNodeHasItsOwnDocuments(int nodes) throws Exception {
        store(nodes);
        assertThat(state.systemStatus()).satisfies(status -> assertComplete(status, nodes));
        assertThat(state.systemStatusOfAllNodes()).satisfies(status -> assertComplete(status, nodes));
        try (AsyncStateManager async = AsyncStateManager.connect(
                        redis.options().nodeId("ook").build())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)) {
            assertComplete(async.systemStatus().toCompletableFuture().get(10, TimeUnit.SECONDS), nodes);
        }
    }

    private static void assertComplete(SystemStatus status, int nodes) {
        assertThat(status.problems()).isEmpty();
        assertThat(status.nodes())
                .extracting(SystemStatus.Node::id)
                .containsExactlyElementsOf(IntStream.range(0, nodes)
                        .mapToObj(StatusIT::id)
                        .sorted()
                        .toList());
        assertThat(status.nodes()).allSatisfy(node -> {
            int number = Integer.parseInt(node.id().substring(4));
            assertThat(node.condition()).isEqualTo(Condition.ONLINE);
            assertThat(node.since()).isNotNull();
            assertThat(node.since().toEpochMilli()).isEqualTo(1_000 + number);
            assertThat(Objects.requireNonNull(node.health()).value().nodeId()).isEqualTo(node.id());
            assertThat(node.health().rev()).isEqualTo(number);
            assertThat(Objects.requireNonNull(node.robot()).value().nodeId()).isEqualTo(node.id());
            assertThat(node.robot().rev()).isEqualTo(number);
        });
    }

    @Test
    void whatCannotBeReadIsNamedAndTheOthersAreFine() throws Exception {
        store(150);
        redis.admin(
                "HSET node:health:node0 health garbage",
                "HSET node:health:node99 rev seven",
                "HSET robot:state:node100 state {}",
                "DEL node:health:node149 liveness:node7",
                "SET node:health:node149 text",
                "SET liveness:node7 text");
        SystemStatus status = state.systemStatus();
        assertThat(status.problems())
                .extracting(Problem::source)
                .containsExactly(
                        "node:health:node0", "node:health:node149", "node:health:node99", "robot:state:node100");
        assertThat(status.problems()).extracting(Problem::kind).containsOnly(Problem.Kind.INVALID_DOCUMENT);
        assertThat(status.nodes()).hasSize(150);
        assertThat(status.nodesOnline()).isEqualTo(147);
        for (SystemStatus.Node node : status.nodes()) {
            boolean lost = List.of("node0", "node99", "node149").contains(node.id());
            assertThat(node.condition()).as(node.id()).isEqualTo(lost ? Condition.SILENT : Condition.ONLINE);
            assertThat(node.health() == null).as(node.id()).isEqualTo(lost);
            assertThat(node.robot() == null).as(node.id()).isEqualTo(node.id().equals("node100"));
            assertThat(node.since() == null)
                    .as(node.id())
                    .isEqualTo(lost || node.id().equals("node7"));
        }
        try (AsyncStateManager async = AsyncStateManager.connect(
                        redis.options().nodeId("ook").build())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)) {
            SystemStatus other = async.systemStatus().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(other.nodes()).isEqualTo(status.nodes());
            assertThat(other.problems())
                    .extracting(Problem::source)
                    .isEqualTo(status.problems().stream().map(Problem::source).toList());
        }
        assertThat(redis.calls("evalsha")).as("nothing is to be tidied").isZero();
    }

    @Test
    void whatHasExpiredIsLeftOutAndForgotten() {
        store(150);
        redis.admin(
                "DEL node:health:node3 robot:state:node3 liveness:node3",
                "DEL node:health:node101",
                "SADD index:nodes ghost",
                "SADD index:sessions ghost");
        SystemStatus status = state.systemStatus();
        assertThat(status.nodes()).hasSize(149).noneMatch(node -> node.id().equals("node3"));
        assertThat(status.sessions()).isEmpty();
        assertThat(status.problems()).isEmpty();
        assertThat(status.nodes())
                .filteredOn(node -> node.health() == null)
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.id()).isEqualTo("node101");
                    assertThat(node.condition()).isEqualTo(Condition.SILENT);
                    assertThat(node.robot()).isNotNull();
                });
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.smembers("index:nodes"))
                    .hasSize(149)
                    .contains("node101")
                    .doesNotContain("ghost", "node3");
            assertThat(jedis.smembers("index:sessions")).isEmpty();
        }
    }

    @Test
    void whoMayNotReadSomeOfItIsToldSoAndTheConnectionStaysInStep() {
        store(150);
        redis.admin("ACL SETUSER viewer reset on >viewer-password ~* &* +@read +ping +hello");
        try (StateManager viewer = StateManager.connect(redis.options()
                .username("viewer")
                .password("viewer-password")
                .maxConnections(1)
                .build())) {
            assertThat(viewer.systemStatus().nodesOnline()).isEqualTo(150);
            redis.admin("ACL SETUSER viewer resetkeys ~node:* ~robot:* ~stroke:* ~index:*");
            SystemStatus untold = viewer.systemStatus();
            assertThat(untold.nodesOnline()).isEqualTo(150);
            assertThat(untold.nodes()).allMatch(node -> node.since() == null);
            redis.admin("ACL SETUSER viewer resetkeys ~node:* ~index:*");
            for (int i = 0; i < 3; i++) {
                StateException denied =
                        Assertions.catchThrowableOfType(StateException.class, () -> viewer.systemStatus());
                assertThat(denied).isNotNull();
                assertThat(denied.reason()).isEqualTo(Reason.DENIED);
                assertThat(denied).hasMessageContaining("reading robot:state:node0");
                assertThat(viewer.nodeHealth("node7").orElseThrow().value().nodeId())
                        .isEqualTo("node7");
            }
        }
    }

    @Test
    void tenThousandNodesTakeNoMoreRoundTripsThanOne() {
        try (Proxy proxy = Proxy.to(redis.port()).delay(Duration.ofMillis(100));
                StateManager far = StateManager.connect(redis.options()
                        .port(proxy.port())
                        .timeout(Duration.ofSeconds(10))
                        .build())) {
            store(1);
            int before = proxy.turns();
            assertThat(far.systemStatus().nodes()).hasSize(1);
            int ofOne = proxy.turns() - before;
            store(10_500);
            int ofMany = Integer.MAX_VALUE;
            // A client that is held up while it asks looks like one that waits; one that waits does so every time.
            for (int i = 0; i < 10 && ofMany > ofOne; i++) {
                int beforeMany = proxy.turns();
                assertThat(far.systemStatus().nodesOnline()).isEqualTo(10_500);
                ofMany = Math.min(ofMany, proxy.turns() - beforeMany);
            }
            assertThat(ofMany).isEqualTo(ofOne).isEqualTo(2);
        }
    }

    private static String id(int number) {
        return "node" + number;
    }

    /** As many nodes with all that there can be of each; revisions and times are by their numbers. */
    private static void store(int nodes) {
        try (Jedis jedis = redis.jedis()) {
            jedis.configResetStat();
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < nodes; i++) {
                store(pipeline, Keys.nodeHealth(id(i)), Samples.health(id(i)).build(), i);
                store(pipeline, Keys.robotState(id(i)), Samples.robot(id(i)).build(), i);
                pipeline.hset(
                        Keys.liveness(id(i)).name(),
                        Map.of("condition", "online", "since", Integer.toString(1_000 + i)));
                pipeline.sadd(Keys.indexNodes().name(), id(i));
            }
            pipeline.sync();
        }
    }

    private static <T extends Document> void store(Pipeline pipeline, Key<T> key, T document, int rev) {
        pipeline.hset(
                key.name(),
                Map.of(
                        key.kind().documentField().orElseThrow(),
                        new String(StateJson.write(document), StandardCharsets.UTF_8),
                        "rev",
                        Integer.toString(rev)));
    }
}
