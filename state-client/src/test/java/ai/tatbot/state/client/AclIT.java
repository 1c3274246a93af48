package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A user who may only look sees everything and changes nothing; who lacks a right is told which. */
class AclIT {
    private static final String SECRET = "viewer-password";

    private RedisServer redis;
    private StateManager hog;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        redis.admin("ACL SETUSER viewer on >" + SECRET
                + " ~* &* +@read +subscribe +psubscribe +unsubscribe +punsubscribe +ping");
        hog = StateManager.connect(redis.options().nodeId("hog").build());
    }

    @AfterEach
    void stop() {
        hog.close();
        redis.close();
    }

    private StateManager viewer() {
        return StateManager.connect(redis.options()
                .username("viewer")
                .password(SECRET)
                .nodeId("ook")
                .build());
    }

    @Test
    void readingAndSubscribingWork() {
        try (StateManager viewer = viewer();
                StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
            List<Integer> poses = new CopyOnWriteArrayList<>();
            viewer.subscribe(Channels.STROKE_PROGRESS, event -> poses.add(event.poseIdx()));
            StateMirror mirror = viewer.mirror();
            Recorder told = new Recorder();
            mirror.watch().listen(told);
            Awaitility.await().until(mirror::isLive);
            hog.updateRobotState(Samples.robot("hog").build());
            session.update(3, 4);
            Awaitility.await().until(() -> poses.contains(4));
            assertThat(viewer.robotState("hog")).isPresent();
            assertThat(viewer.strokeProgress(session.id())).isPresent();
            assertThat(viewer.strokeHistory(session.id(), 10)).isNotEmpty();
            assertThat(viewer.systemStatus().activeSessions()).hasSize(1);
            Awaitility.await()
                    .until(() -> mirror.currentSession().isPresent()
                            && mirror.robotState("hog").isPresent());
            session.pause();
            Awaitility.await().until(() -> told.types().contains("session_pause"));
            assertThat(mirror.isLive()).isTrue();
        }
    }

    @Test
    void writingIsRefusedAndNothingIsStored() {
        try (StateManager viewer = viewer()) {
            for (Runnable write : List.<Runnable>of(
                    () -> viewer.updateRobotState(Samples.robot("ook").build()),
                    () -> viewer.updateNodeHealth(Samples.health("ook").build()),
                    () -> viewer.startStrokeSession(Samples.tattoo()))) {
                assertDenied(write, "this user has no permissions to run the 'evalsha' command");
            }
            assertDenied(
                    () -> viewer.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("ook")),
                    "this user has no permissions to run the 'evalsha' command");
        }
        assertThat(hog.keys()).isEmpty();
    }

    @Test
    void aKeyAndAChannelThatAreNotHis() {
        redis.admin("ACL SETUSER viewer resetkeys ~node:* resetchannels &node:events:*");
        hog.updateNodeHealth(Samples.health("hog").build());
        try (StateManager viewer = viewer()) {
            assertThat(viewer.nodeHealth("hog")).isPresent();
            assertDenied(() -> viewer.robotState("hog"), "reading robot:state:hog: this Redis user lacks a right: ");
            assertDenied(
                    () -> viewer.subscribe(Channels.ROBOT_EVENTS, event -> {}),
                    "subscribing to robot:events: this Redis user lacks a right: ");
        }
    }

    @Test
    void keyspaceEventsAreUsedOnceTheyAreAllowed() {
        redis.admin(
                "CONFIG SET notify-keyspace-events Egx",
                "ACL SETUSER viewer resetchannels &stroke:* &robot:* &system:* &node:events:* &error:events:*");
        hog.updateRobotState(Samples.robot("hog").build());
        try (StateManager viewer = viewer()) {
            StateMirror mirror = viewer.mirror();
            Awaitility.await().until(mirror::isLive);
            assertThat(keyspaceListeners()).isZero();
            redis.admin("ACL SETUSER viewer &__keyevent@*", "CLIENT KILL USER viewer");
            Awaitility.await().until(() -> keyspaceListeners() == 1);
            Awaitility.await().until(mirror::isLive);
        }
    }

    private long keyspaceListeners() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.pubsubNumSub("__keyevent@0__:del").getOrDefault("__keyevent@0__:del", 0L);
        }
    }

    @Test
    void aWriterWhoMayNotWaitForReplicas() {
        redis.admin("ACL SETUSER writer on >" + SECRET + " ~* &* +@all -wait");
        try (StateManager writer = StateManager.connect(
                redis.options().username("writer").password(SECRET).replicas(1).build())) {
            StateException refused = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> writer.updateNodeHealth(Samples.health("hog").build()));
            assertThat(refused.reason()).isEqualTo(Reason.NOT_REPLICATED);
            assertThat(refused)
                    .hasMessageContaining("stored")
                    .hasMessageContaining("wait")
                    .hasMessageContaining("Grant WAIT");
            assertThat(hog.nodeHealth("hog")).isPresent();
        }
    }

    private static void assertDenied(Runnable call, String message) {
        StateException denied = Assertions.catchThrowableOfType(StateException.class, call::run);
        assertThat(denied).as("the call is refused").isNotNull();
        assertThat(denied.reason()).isEqualTo(Reason.DENIED);
        assertThat(denied).hasMessageContaining(message).hasMessageNotContaining(SECRET);
    }
}
