package ai.tatbot.state.client.async;

import static ai.tatbot.state.client.async.Stages.get;
import static ai.tatbot.state.client.async.Stages.reason;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.Proxy.Direction;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes while hundreds of calls are under way: each comes to something in time, nothing is stored twice, and all goes on. */
class AsyncOutageIT {
    private static final int CALLS = 800;

    /** A call's deadline, and what a loaded machine may add to it. */
    private static final Duration DEADLINE = Duration.ofSeconds(2).plusSeconds(2);

    private RedisServer redis;
    private Proxy proxy;
    private AsyncStateManager async;
    private AsyncStrokeSession session;

    @BeforeEach
    void start() {
        redis = RedisServer.startDurable();
        proxy = Proxy.to(redis.port());
        async = get(AsyncStateManager.connect(options().build()));
        session = get(async.startStrokeSession(Samples.tattoo()));
    }

    @AfterEach
    void stop() {
        async.close();
        proxy.close();
        redis.close();
    }

    private StateOptions.Builder options() {
        return redis.options().port(proxy.port()).nodeId("hog");
    }

    private static ConditionFactory await(Duration most) {
        return Awaitility.await().atMost(most).pollInterval(Duration.ofMillis(5));
    }

    private List<CompletableFuture<Long>> send(int from) {
        List<CompletableFuture<Long>> stages = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            stages.add(session.update(from, i).toCompletableFuture());
        }
        return stages;
    }

    /** Each has completed in time; what was acknowledged is stored under its revision, and once. */
    private void assertSettled(List<CompletableFuture<Long>> stages) {
        await(DEADLINE).until(() -> stages.stream().allMatch(CompletableFuture::isDone));
        for (CompletableFuture<Long> stage : stages) {
            if (stage.isCompletedExceptionally()) {
                assertThat(reason(stage)).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.CONFLATED);
            }
        }
    }

    private void assertGoesOn(Duration within) {
        await(within).untilAsserted(() -> get(session.update(500, 0)));
    }

    /** By its history, which each update enters once. */
    private void assertNothingTwice(List<CompletableFuture<Long>> stages, int stroke) {
        try (StateManager direct =
                StateManager.connect(redis.options().nodeId("eek").build())) {
            List<Integer> poses = direct.strokeHistory(session.id(), 2_000).stream()
                    .filter(entry -> entry.strokeIdx() == stroke)
                    .map(entry -> entry.poseIdx())
                    .toList();
            assertThat(poses).doesNotHaveDuplicates().isSorted();
            Set<Integer> stored = new HashSet<>(poses);
            for (int i = 0; i < stages.size(); i++) {
                if (!stages.get(i).isCompletedExceptionally()) {
                    assertThat(stored).contains(i);
                }
            }
        }
    }

    @Test
    void killedAndRestarted() {
        List<CompletableFuture<Long>> stages = send(1);
        redis.kill();
        assertSettled(stages);
        CompletionStage<Long> away = session.update(2, 0);
        await(Duration.ofSeconds(1)).until(() -> away.toCompletableFuture().isDone());
        await(Duration.ofSeconds(5)).until(() -> reason(session.update(2, 1)) == Reason.UNAVAILABLE);
        assertThat(reason(async.robotState("hog"))).isEqualTo(Reason.UNAVAILABLE);
        redis.restart();
        assertGoesOn(Duration.ofSeconds(2));
        assertNothingTwice(stages, 1);
    }

    @Test
    void frozen() {
        List<CompletableFuture<Long>> before = send(1);
        redis.freeze();
        List<CompletableFuture<Long>> stages = new ArrayList<>(before);
        for (int i = 0; i < 50; i++) {
            stages.add(session.update(2, i).toCompletableFuture());
        }
        assertSettled(stages);
        CompletionStage<?> read = async.robotState("hog");
        await(DEADLINE.multipliedBy(2)).until(() -> read.toCompletableFuture().isDone());
        redis.thaw();
        assertGoesOn(Duration.ofSeconds(3));
        assertNothingTwice(before, 1);
    }

    @Test
    void cut() {
        List<CompletableFuture<Long>> stages = send(1);
        proxy.cut();
        assertSettled(stages);
        assertGoesOn(Duration.ofSeconds(2));
        assertNothingTwice(stages, 1);
    }

    @Test
    void cutAgainAndAgain() {
        List<CompletableFuture<Long>> stages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 100; j++) {
                stages.add(session.update(1, i * 100 + j).toCompletableFuture());
            }
            proxy.cut();
            await(Duration.ofSeconds(2)).untilAsserted(() -> get(async.ping()));
        }
        assertSettled(stages);
        assertNothingTwice(stages, 1);
    }

    /** The answers are lost, not the writes: they are not sent again. */
    @Test
    void answersThatAreLost() {
        proxy.hold(Direction.TO_CLIENT);
        List<CompletableFuture<Long>> stages = send(1);
        try (StateManager direct =
                StateManager.connect(redis.options().nodeId("eek").build())) {
            await(Duration.ofSeconds(5))
                    .until(() -> direct.strokeHistory(session.id(), 2_000).size() == CALLS + 1);
        }
        proxy.forget();
        proxy.cut();
        proxy.release();
        assertSettled(stages);
        assertThat(stages).allMatch(CompletableFuture::isCompletedExceptionally);
        stages.forEach(stage -> assertThat(stage).isCompletedExceptionally());
        assertThatIsUnknown(stages.get(0));
        assertGoesOn(Duration.ofSeconds(2));
        assertNothingTwice(stages, 1);
    }

    private static void assertThatIsUnknown(CompletableFuture<Long> stage) {
        try {
            stage.join();
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(StateException.class).hasMessageContaining("not known");
        }
    }

    /** Nothing is asked of it, so only the pulse can tell. */
    @Test
    void aPeerThatDiesInSilence() {
        try (Proxy silent = Proxy.to(redis.port());
                AsyncStateManager other = get(AsyncStateManager.connect(
                        redis.options().port(silent.port()).nodeId("hog").build()))) {
            assertThat(silent.connections()).isEqualTo(1);
            silent.hold();
            await(Duration.ofSeconds(5)).until(() -> silent.connections() > 1);
            silent.cut();
            silent.release();
            await(Duration.ofSeconds(3)).untilAsserted(() -> get(other.ping()));
        }
    }

    @Test
    void readsAreTriedAgain() {
        for (int i = 0; i < 20; i++) {
            CompletionStage<?> read = async.strokeProgress(session.id());
            proxy.cut();
            get(read);
        }
    }

    @Test
    void garbage() {
        get(session.update(1, 0));
        proxy.garbage(Direction.TO_CLIENT);
        List<CompletableFuture<Long>> stages = send(2);
        assertSettled(stages);
        proxy.release();
        proxy.cut();
        assertGoesOn(Duration.ofSeconds(5));
        assertNothingTwice(stages, 2);
    }

    @Test
    void anEndWhoseAnswerWasLost() {
        proxy.hold(Direction.TO_CLIENT);
        CompletionStage<Void> end = session.end();
        try (StateManager direct =
                StateManager.connect(redis.options().nodeId("eek").build())) {
            await(Duration.ofSeconds(5))
                    .until(() -> !direct.strokeProgress(session.id())
                            .orElseThrow()
                            .value()
                            .isExecuting());
        }
        proxy.forget();
        proxy.cut();
        proxy.release();
        assertThat(reason(end)).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT);
        assertThat(session.isRunning()).isTrue();
        await(Duration.ofSeconds(2)).untilAsserted(() -> get(async.ping()));
        get(session.close());
        assertThat(session.isRunning()).isFalse();
        assertThat(session.lost().toCompletableFuture()).isNotDone();
    }

    @Test
    void createdWithoutRedis() {
        redis.kill();
        StateOptions gone = redis.options().nodeId("hog").build();
        try (AsyncStateManager early = AsyncStateManager.create(gone)) {
            assertThat(reason(early.updateRobotState(Samples.robot("hog").build())))
                    .isEqualTo(Reason.UNAVAILABLE);
            assertThat(reason(early.ping())).isEqualTo(Reason.UNAVAILABLE);
        }
        assertThat(reason(AsyncStateManager.connect(gone))).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void createdBeforeRedis() {
        redis.kill();
        try (AsyncStateManager early =
                AsyncStateManager.create(redis.options().nodeId("hog").build())) {
            assertThat(reason(early.ping())).isEqualTo(Reason.UNAVAILABLE);
            redis.restart();
            await(Duration.ofSeconds(2)).untilAsserted(() -> get(early.ping()));
        }
    }
}
