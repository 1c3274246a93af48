package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A session of an older node is ended when it has been silent for long, and lives on when it is written again. */
@SuppressWarnings("try") // A reaper is started for what it does, and not asked.
class AbandonedIT {
    private static final String SESSION = "stroke_ook_1755547777";
    private static final String KEY = "stroke:progress:" + SESSION;
    private static final Duration ABANDONED = Duration.ofMillis(800);

    private final List<Problem> problems = new CopyOnWriteArrayList<>();

    private RedisServer redis;
    private LegacyNode python;
    private Eavesdropper eavesdropper;
    private StateManager eek;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        python = LegacyNode.beside(redis);
        eavesdropper = Eavesdropper.on(redis);
        eek = StateManager.connect(redis.options()
                .nodeId("eek")
                .abandonedAfter(ABANDONED)
                .reapInterval(Duration.ofMillis(50))
                .problemListener(problems::add)
                .build());
    }

    @AfterEach
    void stop() {
        eek.close();
        eavesdropper.close();
        python.close();
        redis.close();
        assertThat(problems).isEmpty();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
    }

    private Versioned<StrokeProgress> stored() {
        return eek.strokeProgress(SESSION).orElseThrow();
    }

    private void rewrite(int stroke, int pose) {
        python.run("rewrite", "ook", SESSION, Integer.toString(stroke), Integer.toString(pose));
    }

    @Test
    void itEndsOnceAndLivesOnWhenItIsWrittenAgain() {
        python.run("write", "ook", SESSION);
        // Finds the older node's session, and enters it into the index.
        eek.systemStatusOfAllNodes();
        assertThat(stored().value().isExecuting()).isTrue();
        try (Reaper one = Reaper.start(eek);
                Reaper two = Reaper.start(eek);
                Reaper three = Reaper.start(eek)) {
            await().until(() -> !stored().value().isExecuting());
            Versioned<StrokeProgress> ended = stored();
            assertThat(ended.value().strokeIdx()).isEqualTo(5);
            assertThat(ended.value().poseIdx()).isEqualTo(25);
            assertThat(ended.value().nodeId()).isEqualTo("ook");
            assertThat(Log.heard(eavesdropper, "session_end"))
                    .singleElement()
                    .isInstanceOfSatisfying(SessionEnd.class, end -> {
                        assertThat(end.reason()).isEqualTo(SessionEndReason.ABANDONED);
                        assertThat(end.sessionId()).isEqualTo(SESSION);
                        assertThat(end.nodeId()).isEqualTo("ook");
                        assertThat(end.strokeIdx()).isEqualTo(5);
                        assertThat(end.poseIdx()).isEqualTo(25);
                        assertThat(end.rev()).isEqualTo(ended.rev());
                    });

            rewrite(6, 1);
            assertThat(stored().value().isExecuting()).isTrue();
            assertThat(stored().value().strokeIdx()).isEqualTo(6);
            await().until(() -> !stored().value().isExecuting());
            assertThat(stored().rev()).isEqualTo(ended.revision().orElseThrow() + 1);
            assertThat(stored().value().strokeIdx()).isEqualTo(6);
        }
        assertThat(Log.logged(redis, "session_end")).hasSize(2);
    }

    @Test
    void itStaysForAsLongAsItIsWritten() {
        // Its clock stands still, a year behind: what counts is that the document changes.
        python.run("write", "ook", SESSION);
        eek.systemStatusOfAllNodes();
        try (Reaper reaper = Reaper.start(eek);
                Jedis jedis = redis.jedis()) {
            String document = jedis.hget(KEY, "progress");
            long begin = System.nanoTime();
            for (int pose = 0;
                    System.nanoTime() - begin < ABANDONED.multipliedBy(4).toNanos();
                    pose++) {
                jedis.hset(KEY, "progress", document.replace("\"pose_idx\": 25", "\"pose_idx\": " + pose));
                int written = pose;
                Awaitility.await()
                        .during(ABANDONED.dividedBy(4))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> stored().value().isExecuting()
                                && stored().value().poseIdx() == written);
            }
        }
        assertThat(Log.logged(redis, "session_end")).isEmpty();
    }

    @Test
    void aSessionOfOursThatAnOlderNodeGoesOnWithIsAbandonedToo() {
        StrokeSession session = eek.startStrokeSession(1, 1, "tatbotlogo");
        session.end();
        try (Jedis jedis = redis.jedis();
                Reaper reaper = Reaper.start(eek)) {
            String key = "stroke:progress:" + session.id();
            jedis.hset(
                    key,
                    "progress",
                    jedis.hget(key, "progress").replace("\"is_executing\":false", "\"is_executing\":true"));
            await().until(() ->
                    !eek.strokeProgress(session.id()).orElseThrow().value().isExecuting());
            assertThat(jedis.hget(key, "fence")).isEqualTo("3");
        }
        assertThat(Log.logged(redis, "session_end"))
                .map(end -> ((SessionEnd) end).reason())
                .containsExactly(SessionEndReason.COMPLETED, SessionEndReason.ABANDONED);
    }
}
