package ai.tatbot.state.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.live.Alert.Severity;
import ai.tatbot.state.server.live.FleetStatus.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetStatusTest {
    private final WatchStatus live =
            new WatchStatus(WatchStatus.Condition.LIVE, Instant.now(), Instant.now(), 0, null, null);

    private static FleetStatus status(
            WatchStatus link, @Nullable RedisServer redis, List<Node> nodes, List<Versioned<StrokeProgress>> sessions) {
        return FleetStatus.of(
                new FleetStatus.Server("x", Instant.now()), "127.0.0.1:6379", link, redis, nodes, sessions);
    }

    private static Node node(Condition condition, @Nullable NodeHealth health, @Nullable RobotState robot) {
        return new Node(
                "hog",
                health == null ? null : new Versioned<>(Keys.nodeHealth("hog"), health, 1L, Instant.now()),
                robot == null ? null : new Versioned<>(Keys.robotState("hog"), robot, 1L, Instant.now()),
                condition,
                null);
    }

    private static Versioned<StrokeProgress> session(String id, boolean executing, Instant at) {
        Key<StrokeProgress> key = Keys.strokeProgress(id);
        return new Versioned<>(
                key,
                StrokeProgress.builder().nodeId("hog").isExecuting(executing).build(),
                1L,
                at);
    }

    @Test
    void nothingToLookAtIsOk() {
        FleetStatus status = status(
                live,
                new RedisServer("redis", "7", 10L, 100L),
                List.of(node(Condition.ONLINE, null, null)),
                List.of(session("s1", false, Instant.now())));
        assertThat(status.verdict()).isEqualTo(Verdict.OK);
        assertThat(status.active()).isEmpty();
        assertThat(status.nodesOnline()).isEqualTo(1);
    }

    @Test
    void aLinkThatIsNotLiveIsDownWhateverElse() {
        WatchStatus away =
                new WatchStatus(WatchStatus.Condition.RECONNECTING, Instant.now(), null, 3, null, "connection refused");
        FleetStatus status = status(away, null, List.of(), List.of());
        assertThat(status.verdict()).isEqualTo(Verdict.DOWN);
        assertThat(status.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.ERROR);
            assertThat(alert.message()).contains("127.0.0.1:6379", "connection refused");
        });
    }

    @Test
    void aRobotThatIsGoneWhileItDrawsIsWorseThanOneThatRests() {
        List<Node> nodes = List.of(node(Condition.OFFLINE, null, null));
        FleetStatus rests = status(live, null, nodes, List.of());
        FleetStatus draws = status(live, null, nodes, List.of(session("s1", true, Instant.now())));
        assertThat(rests.alerts()).extracting(Alert::code).containsExactly("node_offline");
        assertThat(rests.hasAlert(Severity.ERROR)).isFalse();
        assertThat(draws.alerts()).extracting(Alert::code).containsExactly("robot_offline");
        assertThat(draws.hasAlert(Severity.ERROR)).isTrue();
    }

    @Test
    void anArmThatIsNotConnectedCountsOnlyWhileItDraws() {
        RobotState left = RobotState.builder()
                .nodeId("hog")
                .isConnectedL(true)
                .isConnectedR(false)
                .build();
        List<Node> nodes = List.of(node(Condition.ONLINE, null, left));
        assertThat(status(live, null, nodes, List.of()).alerts()).isEmpty();
        assertThat(status(live, null, nodes, List.of(session("s1", true, Instant.now())))
                        .alerts())
                .extracting(Alert::message)
                .containsExactly("the right arm is not connected on hog while its session is executing");
    }

    @Test
    void memoryAndDisksThatAreNearlyFullAreTold() {
        NodeHealth full = NodeHealth.builder()
                .nodeId("hog")
                .memoryPercent(20.0)
                .diskPercent(96.0)
                .build();
        assertThat(status(
                                live,
                                new RedisServer("redis", "7", 85L, 100L),
                                List.of(node(Condition.ONLINE, full, null)),
                                List.of())
                        .alerts())
                .extracting(Alert::code)
                .containsExactly("redis_memory", "disk_full");
    }

    @Test
    void ofSeveralSessionsTheOneWrittenLastIsCurrent() {
        FleetStatus status = status(
                live,
                null,
                List.of(node(Condition.ONLINE, null, null)),
                List.of(
                        session("s1", true, Instant.EPOCH),
                        session("s2", true, Instant.now()),
                        session("s3", false, Instant.now())));
        assertThat(status.active().get(0).key().id()).isEqualTo("s2");
        assertThat(status.alerts()).extracting(Alert::code).contains("many_sessions");
    }
}
