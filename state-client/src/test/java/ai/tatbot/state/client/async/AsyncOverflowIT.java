package ai.tatbot.state.client.async;

import static ai.tatbot.state.client.async.Stages.get;
import static ai.tatbot.state.client.async.Stages.reason;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.RobotState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More calls than may be under way: what becomes of them is the caller's choice. Redis is frozen meanwhile, so that none completes. */
class AsyncOverflowIT {
    private static final int MOST = 10;

    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private AsyncStateManager connect(Overflow overflow, Duration timeout) {
        return get(AsyncStateManager.connect(
                redis.options().nodeId("hog").timeout(timeout).build(),
                AsyncOptions.builder().inFlight(MOST).overflow(overflow).build()));
    }

    private static List<CompletionStage<Long>> fill(AsyncStrokeSession session) {
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 1; i <= MOST; i++) {
            stages.add(session.update(i, 0));
        }
        return stages;
    }

    @Test
    void theCallerWaits() throws Exception {
        try (AsyncStateManager async = connect(Overflow.WAIT, Duration.ofSeconds(20))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            long first = session.revision();
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            FutureTask<CompletionStage<Long>> next = new FutureTask<>(() -> session.update(MOST + 1, 0));
            Thread caller = new Thread(next, "caller");
            caller.start();
            Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            assertThat(async.inFlight()).isEqualTo(MOST);
            redis.thaw();
            assertThat(get(next.get())).isEqualTo(first + MOST + 1);
            stages.forEach(Stages::get);
        }
    }

    @Test
    void theCallerWaitsNoLongerThanTheTimeout() {
        try (AsyncStateManager async = connect(Overflow.WAIT, Duration.ofMillis(300))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            long start = System.nanoTime();
            // It gets in when the first ones have come to nothing, or is refused; it does not wait for ever.
            Reason reason = reason(session.update(MOST + 1, 0));
            assertThat(reason).isIn(Reason.BUSY, Reason.TIMEOUT, Reason.UNAVAILABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            stages.forEach(stage -> assertThat(reason(stage)).isIn(Reason.TIMEOUT, Reason.UNAVAILABLE));
            redis.thaw();
        }
    }

    @Test
    void itFails() {
        try (AsyncStateManager async = connect(Overflow.FAIL, Duration.ofSeconds(20))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            long first = session.revision();
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            assertThat(reason(session.update(MOST + 1, 0))).isEqualTo(Reason.BUSY);
            assertThat(reason(session.pause())).isEqualTo(Reason.BUSY);
            assertThat(reason(async.ping())).isEqualTo(Reason.BUSY);
            assertThat(reason(async.updateRobotState(Samples.robot("hog").build())))
                    .isEqualTo(Reason.BUSY);
            redis.thaw();
            stages.forEach(Stages::get);
            assertThat(get(session.update(next -> next.poseIdx(1)))).isEqualTo(first + MOST + 1);
            assertThat(session.progress().strokeIdx()).isEqualTo(MOST);
        }
    }

    @Test
    void theLatestPositionTakesThePlaceOfThoseThatWait() {
        try (AsyncStateManager async = connect(Overflow.CONFLATE, Duration.ofSeconds(20));
                Eavesdropper heard = Eavesdropper.on(redis)) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            AsyncStrokeSession other = get(async.startStrokeSession(Samples.tattoo()));
            long first = session.revision();
            heard.soFar();
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            List<CompletionStage<Long>> waiting = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
                int pose = i;
                waiting.add(session.update(next -> next.poseIdx(pose)));
            }
            CompletionStage<Long> ofOther = other.update(7, 7);
            for (int i = 0; i < 99; i++) {
                assertThat(reason(waiting.get(i))).isEqualTo(Reason.CONFLATED);
            }
            assertThat(waiting.get(99).toCompletableFuture()).isNotDone();
            redis.thaw();
            stages.forEach(Stages::get);
            assertThat(get(waiting.get(99))).isEqualTo(first + MOST + 1);
            // Each change builds on the one before, though that was never sent.
            assertThat(session.progress().strokeIdx()).isEqualTo(MOST);
            assertThat(session.progress().poseIdx()).isEqualTo(100);
            get(ofOther);
            assertThat(heard.soFar()).hasSize(MOST + 2);
            assertThat(async.inFlight()).isZero();
        }
    }

    /** With an executor that runs a task at once what depends on a stage runs where the call is made, but not under its monitor. */
    @Test
    void whatDependsOnOneThatIsConflatedHoldsNoMonitor() {
        try (AsyncStateManager async = get(AsyncStateManager.connect(
                redis.options().nodeId("hog").timeout(Duration.ofSeconds(20)).build(),
                AsyncOptions.builder()
                        .inFlight(MOST)
                        .overflow(Overflow.CONFLATE)
                        .executor(Runnable::run)
                        .build()))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            CompletionStage<Boolean> held =
                    session.update(1, 1).handle((revision, failure) -> Thread.holdsLock(session));
            CompletionStage<Long> latest = session.update(1, 2);
            assertThat(get(held)).isFalse();
            redis.thaw();
            stages.forEach(Stages::get);
            get(latest);
        }
    }

    @Test
    void aTransitionIsNeverConflated() throws Exception {
        try (AsyncStateManager async = connect(Overflow.CONFLATE, Duration.ofSeconds(20));
                Eavesdropper heard = Eavesdropper.on(redis)) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            long first = session.revision();
            heard.soFar();
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            CompletionStage<Long> waiting = session.update(MOST + 1, 0);
            FutureTask<CompletionStage<Void>> pause = new FutureTask<>(session::pause);
            Thread caller = new Thread(pause, "caller");
            caller.start();
            Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            CompletionStage<Long> latest = session.update(MOST + 2, 0);
            redis.thaw();
            get(pause.get());
            stages.forEach(Stages::get);
            assertThat(reason(waiting)).isEqualTo(Reason.CONFLATED);
            assertThat(get(latest)).isEqualTo(first + MOST + 1);
            assertThat(session.revision()).isEqualTo(first + MOST + 2);
            List<Eavesdropper.Heard> events = heard.soFar();
            assertThat(events).hasSize(MOST + 2);
            assertThat(events.get(MOST + 1).message()).contains("session_pause");
            get(session.update(next -> next.poseIdx(9)));
            assertThat(session.progress().isPaused()).isTrue();
        }
    }

    /** The position behind it was made before it, and so is sent before it. */
    @Test
    void aTransitionThatWaitsAlready() throws Exception {
        try (AsyncStateManager async = connect(Overflow.CONFLATE, Duration.ofSeconds(20));
                Eavesdropper heard = Eavesdropper.on(redis)) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            heard.soFar();
            redis.freeze();
            List<CompletionStage<Long>> stages = fill(session);
            FutureTask<CompletionStage<Void>> pause = new FutureTask<>(session::pause);
            Thread caller = new Thread(pause, "caller");
            caller.start();
            Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            CompletionStage<Long> latest = session.update(MOST + 1, 0);
            redis.thaw();
            get(pause.get());
            get(latest);
            stages.forEach(Stages::get);
            assertThat(session.progress().isPaused()).isTrue();
            assertThat(session.progress().strokeIdx()).isEqualTo(MOST + 1);
            List<Eavesdropper.Heard> events = heard.soFar();
            assertThat(events).hasSize(MOST + 2);
            assertThat(events.get(MOST + 1).message()).contains("session_pause");
            assertThat(async.inFlight()).isZero();
        }
    }

    @Test
    void anArmThatTurnsIsNeverConflated() throws Exception {
        try (AsyncStateManager async = connect(Overflow.CONFLATE, Duration.ofSeconds(20));
                Eavesdropper heard = Eavesdropper.on(redis)) {
            RobotState both = robot(true).build();
            get(async.updateRobotState(both));
            heard.soFar();
            redis.freeze();
            List<CompletionStage<Long>> stages = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                stages.add(async.updateRobotState(both));
            }
            CompletionStage<Long> waiting = async.updateRobotState(both);
            CompletionStage<Long> latest = async.updateRobotState(both);
            FutureTask<CompletionStage<Long>> turn =
                    new FutureTask<>(() -> async.updateRobotState(robot(false).build()));
            Thread caller = new Thread(turn, "caller");
            caller.start();
            Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            redis.thaw();
            get(turn.get());
            get(latest);
            stages.forEach(Stages::get);
            assertThat(reason(waiting)).isEqualTo(Reason.CONFLATED);
            List<Eavesdropper.Heard> events = heard.soFar();
            assertThat(events).hasSize(MOST + 3);
            assertThat(events.get(MOST + 2).message()).contains("arm_disconnected");
        }
    }

    private static RobotState.Builder robot(boolean left) {
        return Samples.robot("hog").isConnectedL(left).isConnectedR(true);
    }

    /** On the thread of the connection nobody may wait for what that very thread is to bring. */
    @Test
    void onTheThreadOfTheConnectionItFails() {
        try (AsyncStateManager async = get(AsyncStateManager.connect(
                redis.options().nodeId("hog").timeout(Duration.ofSeconds(20)).build(),
                AsyncOptions.builder().inFlight(2).executor(Runnable::run).build()))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            CompletableFuture<Reason> second = new CompletableFuture<>();
            redis.freeze();
            CompletionStage<Void> unused = async.ping().thenAccept(pong -> {
                CompletionStage<Long> first = session.update(1, 0);
                CompletionStage<Long> behind = session.update(2, 0);
                behind.whenComplete((revision, failure) -> second.complete(
                        failure instanceof ai.tatbot.state.client.StateException e ? e.reason() : Reason.INTERNAL));
                assertThat(first).isNotNull();
            });
            CompletionStage<Long> other = session.update(3, 0);
            redis.thaw();
            assertThat(get(second)).isEqualTo(Reason.BUSY);
            get(other);
        }
    }
}
