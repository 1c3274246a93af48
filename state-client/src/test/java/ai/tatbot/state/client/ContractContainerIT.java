package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisContainer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.ProgressUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * What the client promises, on a Redis in a container that the engine pauses, kills and starts again: another network path, another way
 * of dying than those of a process.
 */
@Tag("container")
class ContractContainerIT {
    private static final String ROBOT = "robot:state:hog";

    private RedisContainer redis;
    private StateManager hog;

    @BeforeEach
    void start() {
        redis = RedisContainer.startDurable();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
    }

    @AfterEach
    void stop() {
        hog.close();
        redis.close();
    }

    private static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(10));
    }

    private StateManager connect(String node) {
        return StateManager.connect(redis.options().nodeId(node).build());
    }

    @Test
    void anUpdateIsOneStep() {
        try (Eavesdropper heard = Eavesdropper.on(redis);
                StrokeSession session = hog.startStrokeSession(Samples.tattoo());
                Jedis jedis = redis.jedis()) {
            heard.soFar();
            session.update(5, 25);
            String key = "stroke:progress:" + session.id();
            Map<String, String> stored = jedis.hgetAll(key);
            assertThat(stored).containsEntry("rev", Long.toString(session.revision()));
            assertThat(jedis.pttl(key)).isPositive();
            assertThat(heard.soFar()).singleElement().satisfies(one -> {
                assertThat(one.channel()).isEqualTo("stroke:events:progress");
                ProgressUpdate event = (ProgressUpdate) Log.event(one);
                assertThat(event.rev()).isEqualTo(session.revision());
                assertThat(event.poseIdx()).isEqualTo(25);
            });
        }
    }

    @Test
    void anUpdateThatIsRefusedLeavesNothing() {
        hog.updateRobotState(Samples.robot("hog").build());
        try (Jedis admin = redis.jedis();
                Eavesdropper heard = Eavesdropper.on(redis)) {
            admin.aclSetUser("mute", "on", ">secret", "~*", "+@all", "resetchannels");
            Map<String, String> before = admin.hgetAll(ROBOT);
            heard.soFar();
            try (StateManager mute = StateManager.connect(redis.options()
                    .username("mute")
                    .password("secret")
                    .nodeId("hog")
                    .build())) {
                StateException refused = Assertions.catchThrowableOfType(
                        StateException.class,
                        () -> mute.updateRobotState(
                                Samples.robot("hog").currentPose("sleep").build()));
                assertThat(refused).isNotNull();
                assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            }
            assertThat(admin.hgetAll(ROBOT)).isEqualTo(before);
            assertThat(heard.soFar()).isEmpty();
        }
    }

    @Test
    void aWatchSaysThatItIsStaleWhileTheContainerIsPausedAndGoesOnThere() {
        try (StateManager ook = connect("ook");
                StateWatch watch = ook.watch(WatchScope.everything())) {
            Recorder told = new Recorder();
            watch.listen(told);
            within(5).until(() -> watch.status().isLive());
            redis.freeze();
            within(3).until(() -> watch.status().condition() == Condition.STALE);
            redis.thaw();
            within(3).until(() -> watch.status().isLive());
            long rev = hog.updateRobotState(Samples.robot("hog").build());
            within(1).until(() -> !told.changes.isEmpty());
            assertThat(told.changes.get(0).value())
                    .isNotNull()
                    .satisfies(value -> assertThat(value.rev()).isEqualTo(rev));
            assertThat(told.lost).isEmpty();
        }
    }

    @Test
    void nothingIsLostWhenTheContainerIsKilledAndStartedAgain() {
        try (StateManager ook = connect("ook");
                StateWatch watch = ook.watch(WatchScope.everything())) {
            Recorder told = new Recorder();
            watch.listen(told);
            within(5).until(() -> watch.status().isLive());
            StatePublisher publisher = hog.publisher();
            PublishedSession session = publisher.startStrokeSession(Samples.tattoo());
            session.offer(0, 1);
            within(5).until(() -> told.types().equals(List.of("session_start")));
            redis.kill();
            within(3).until(() -> watch.status().condition() == Condition.RECONNECTING);
            // A loop that offers a thousand times a second would have noticed had one of these waited.
            long begin = System.nanoTime();
            for (int pose = 2; pose < 1_000; pose++) {
                assertThat(session.offer(0, pose)).isTrue();
            }
            assertThat(session.pause()).isTrue();
            assertThat(session.resume()).isTrue();
            assertThat(session.offer(1, 7)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            redis.restart();
            assertThat(session.end()).isTrue();
            assertThat(publisher.flush(Duration.ofSeconds(10))).isTrue();
            within(5)
                    .until(() -> told.types()
                            .equals(List.of("session_start", "session_pause", "session_resume", "session_end")));
            assertThat(told.lost).isEmpty();
            assertThat(ook.strokeProgress(session.id()).orElseThrow().value()).satisfies(stored -> {
                assertThat(stored.strokeIdx()).isEqualTo(1);
                assertThat(stored.poseIdx()).isEqualTo(7);
                assertThat(stored.isExecuting()).isFalse();
            });
        }
    }
}
