package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionTakeover;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.AccessControlLogEntry;

/** A writer that lives keeps its session, whatever it does; one that is dead loses it once, and for good. */
@SuppressWarnings("try") // A reaper is started for what it does, and not asked.
class LeaseIT {
    private static final Duration LEASE = Duration.ofMillis(600);

    private final List<Problem> problems = new CopyOnWriteArrayList<>();

    private RedisServer redis;
    private Eavesdropper eavesdropper;
    private Proxy proxy;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        eavesdropper = Eavesdropper.on(redis);
        proxy = Proxy.to(redis.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        eavesdropper.close();
        redis.close();
    }

    private StateOptions.Builder options(String node) {
        return redis.options()
                .nodeId(node)
                .sessionLease(LEASE)
                .reapInterval(Duration.ofMillis(50))
                .connectTimeout(Duration.ofMillis(100))
                .timeout(Duration.ofMillis(200))
                .problemListener(problems::add);
    }

    private StateManager node(String node) {
        return StateManager.connect(options(node).build());
    }

    /** Behind the proxy. */
    private StateManager farNode(String node) {
        return StateManager.connect(options(node).port(proxy.port()).build());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
    }

    private static StrokeProgress stored(StateManager state, StrokeSession session) {
        return state.strokeProgress(session.id()).orElseThrow().value();
    }

    private Map<String, String> hash(StrokeSession session) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.hgetAll("stroke:progress:" + session.id());
        }
    }

    @Test
    void aPausedSessionOutlivesManyLeases() {
        try (StateManager hog = node("hog");
                StateManager eek = node("eek");
                Reaper reaper = Reaper.start(eek);
                StrokeSession session = hog.startStrokeSession(Samples.tattoo());
                StrokeSession other = hog.startStrokeSession(Samples.tattoo())) {
            session.update(5, 25);
            session.pause();
            long rev = session.revision();
            eavesdropper.soFar();
            Awaitility.await()
                    .during(LEASE.multipliedBy(5))
                    .atMost(LEASE.multipliedBy(8))
                    .until(() -> session.isRunning() && other.isRunning());

            assertThat(stored(eek, session).isExecuting()).isTrue();
            assertThat(eek.strokeProgress(session.id()).orElseThrow().rev()).isEqualTo(rev);
            assertThat(eavesdropper.soFar()).as("a renewal is told to nobody").isEmpty();
            assertThat(session.update(5, 26)).isEqualTo(rev + 1);
            assertThat(leaseThreads()).containsExactly("tatbot-leases-hog");
        }
        await().until(() -> leaseThreads().isEmpty());
        assertThat(problems).isEmpty();
    }

    private static List<String> leaseThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tatbot-leases"))
                .toList();
    }

    @Test
    void aRenewalRenewsWhateverExpires() {
        try (StateManager hog = node("hog");
                StrokeSession session = hog.startStrokeSession(Samples.tattoo());
                Jedis jedis = redis.jedis()) {
            String key = "stroke:progress:" + session.id();
            String history = "stream:stroke_history:" + session.id();
            jedis.pexpire(key, 60_000);
            jedis.pexpire(history, 60_000);
            jedis.srem("index:sessions", session.id());
            await().until(() -> jedis.pttl(key) > 60_000 && jedis.pttl(history) > 60_000);
            assertThat(jedis.sismember("index:sessions", session.id())).isTrue();
        }
    }

    @Test
    void aFrozenWriterIsReapedOnceHoweverManyReap() throws Exception {
        try (StateManager hog = farNode("hog");
                StateManager eek = node("eek")) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            session.update(5, 25);
            session.pause();
            long rev = session.revision();
            proxy.hold();
            List<Reaper> reapers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                reapers.add(Reaper.start(eek));
            }
            await().until(() -> !stored(eek, session).isExecuting());
            Versioned<StrokeProgress> reaped = eek.strokeProgress(session.id()).orElseThrow();
            assertThat(reaped.rev()).isEqualTo(rev + 1);
            StrokeProgress expected = session.progress().toBuilder()
                    .timestamp(reaped.value().timestamp())
                    .isExecuting(false)
                    .isPaused(false)
                    .build();
            assertThat(reaped.value()).isEqualTo(expected);
            assertThat(reaped.value().strokeIdx()).isEqualTo(5);
            assertThat(reaped.value().poseIdx()).isEqualTo(25);
            Map<String, String> afterReaping = hash(session);
            assertThat(afterReaping).containsEntry("fence", "2").containsEntry("lease_until", "0");

            proxy.release();
            // The writer learns of it by itself, before it writes.
            StateException why = session.lost().toCompletableFuture().get(15, TimeUnit.SECONDS);
            assertThat(why.reason()).isEqualTo(Reason.CONFLICT);
            assertThat(session.isRunning()).isFalse();
            assertThatThrownBy(() -> session.update(6, 0))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT))
                    .hasMessageContaining("taken over or ended by someone else");
            session.close();
            reapers.forEach(Reaper::close);

            assertThat(hash(session)).as("nothing of the writer is visible").isEqualTo(afterReaping);
            assertThat(Log.logged(redis, "session_end")).hasSize(1);
            assertThat(Log.heard(eavesdropper, "session_end"))
                    .singleElement()
                    .isInstanceOfSatisfying(SessionEnd.class, end -> {
                        assertThat(end.reason()).isEqualTo(SessionEndReason.INTERRUPTED);
                        assertThat(end.sessionId()).isEqualTo(session.id());
                        assertThat(end.nodeId()).isEqualTo("hog");
                        assertThat(end.strokeIdx()).isEqualTo(5);
                        assertThat(end.poseIdx()).isEqualTo(25);
                        assertThat(end.rev()).isEqualTo(rev + 1);
                    });
            HistoryEntry last = eek.strokeHistory(session.id(), 1).get(0);
            assertThat(last.rev()).isEqualTo(rev + 1);
        }
        // Frozen, the writer could not renew; that was said once.
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.DISCONNECTED);
            assertThat(problem.source()).startsWith("stroke:progress:stroke_hog_");
            assertThat(problem.message()).startsWith("lease not renewed: ").doesNotContain(RedisServer.PASSWORD);
        });
    }

    @Test
    void anUpdateThatWasHeldUpIsRefused() {
        // Without renewals in between: it is the update itself that finds the session ended.
        try (StateManager hog = StateManager.connect(options("hog")
                        .timeout(Duration.ofSeconds(20))
                        .port(proxy.port())
                        .build());
                StateManager eek = node("eek")) {
            StrokeSession session = hog.startStrokeSession(Samples.tattoo());
            session.update(1, 1);
            hog.ping();
            proxy.hold(Proxy.Direction.TO_SERVER);
            List<Throwable> thrown = new CopyOnWriteArrayList<>();
            Thread writer = new Thread(() -> {
                try {
                    session.update(2, 2);
                } catch (StateException e) {
                    thrown.add(e);
                }
            });
            writer.start();
            try (Reaper reaper = Reaper.start(eek)) {
                await().until(() -> !stored(eek, session).isExecuting());
            }
            Map<String, String> afterReaping = hash(session);
            eavesdropper.soFar();
            proxy.release();
            await().until(() -> !thrown.isEmpty());
            assertThat(thrown)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
            assertThat(hash(session)).isEqualTo(afterReaping);
            assertThat(eavesdropper.soFar()).isEmpty();
            assertThat(session.isRunning()).isFalse();
        }
    }

    @Test
    void everyoneIsGivenTimeAfterAnOutage() {
        try (StateManager hog = node("hog");
                StateManager eek = node("eek");
                Reaper reaper = Reaper.start(eek);
                StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
            session.update(5, 25);
            await().until(() -> Duration.between(session.progress().timestamp(), Instant.now())
                            .compareTo(LEASE.multipliedBy(2))
                    > 0);
            for (int outage = 0; outage < 3; outage++) {
                redis.freeze();
                try {
                    Instant begin = Instant.now();
                    await().until(() -> Duration.between(begin, Instant.now()).compareTo(LEASE.multipliedBy(2)) > 0);
                } finally {
                    redis.thaw();
                }
                Awaitility.await()
                        .during(LEASE.multipliedBy(2))
                        .atMost(LEASE.multipliedBy(6))
                        .ignoreException(StateException.class)
                        .until(session::isRunning);
                assertThat(stored(eek, session).isExecuting()).isTrue();
            }
            session.update(5, 26);
            assertThat(Log.logged(redis, "session_end")).isEmpty();
        }
    }

    @Test
    void aDeadProcessIsReapedByAnotherAndTheSessionIsNotTakenOver() {
        StateManager hog = node("hog");
        StrokeSession session = hog.startStrokeSession(Samples.tattoo());
        session.update(7, 8);
        hog.close();
        try (StateManager eek = node("eek");
                Reaper reaper = Reaper.start(eek)) {
            await().until(() -> !stored(eek, session).isExecuting());
            assertThatThrownBy(() -> eek.takeOverSession(session.id()))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT))
                    .hasMessage("session " + session.id() + " has ended and cannot be taken over; start a new one");
            assertThatThrownBy(() -> eek.takeOverSession("stroke_hog_1"))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
        }
    }

    @Test
    void whoeverTakesASessionOverFencesItsWriter() throws Exception {
        try (StateManager hog = node("hog");
                StateManager ook = node("ook");
                StateManager eek = node("eek");
                Reaper reaper = Reaper.start(eek)) {
            StrokeSession first = hog.startStrokeSession(Samples.tattoo());
            first.update(5, 25);
            first.pause();
            StrokeSession second = ook.takeOverSession(first.id());
            assertThat(second.progress().strokeIdx()).isEqualTo(5);
            assertThat(second.progress().isPaused()).isTrue();
            assertThat(second.progress().nodeId()).isEqualTo("ook");
            assertThat(first.lost()
                            .toCompletableFuture()
                            .get(15, TimeUnit.SECONDS)
                            .reason())
                    .isEqualTo(Reason.CONFLICT);
            assertThat(first.isRunning()).isFalse();
            second.resume();
            second.update(5, 26);
            Awaitility.await().during(LEASE.multipliedBy(3)).until(second::isRunning);
            second.end();
            List<Event> told = Log.heard(eavesdropper, "session_takeover", "session_end");
            assertThat(told).hasSize(2);
            assertThat(told.get(0)).isInstanceOfSatisfying(SessionTakeover.class, takeover -> {
                assertThat(takeover.fence()).isEqualTo(2);
                assertThat(takeover.nodeId()).isEqualTo("ook");
                assertThat(takeover.previousNodeId()).isEqualTo("hog");
            });
            assertThat(((SessionEnd) told.get(1)).reason()).isEqualTo(SessionEndReason.COMPLETED);
            assertThat(hash(second)).containsEntry("fence", "3");
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aTakeoverByTheSameManagerBeginsANewLease() {
        try (StateManager hog = StateManager.connect(
                        options("hog").sessionLease(Duration.ofMinutes(10)).build());
                StrokeSession first = hog.startStrokeSession(Samples.tattoo())) {
            redis.admin("HSET stroke:progress:" + first.id() + " lease_until 1");
            StrokeSession second = hog.takeOverSession(first.id());
            assertThat(Long.parseLong(hash(second).getOrDefault("lease_until", "0")))
                    .isGreaterThan(Instant.now().toEpochMilli());
        }
    }

    @Test
    void endingIsNoLoss() {
        for (int i = 0; i < 40; i++) {
            try (StateManager hog = StateManager.connect(
                    options("hog").sessionLease(Duration.ofMillis(100)).build())) {
                StrokeSession session = hog.startStrokeSession(Samples.tattoo());
                session.end();
                assertThat(session.lost().toCompletableFuture()).isNotDone();
                assertThat(session.isRunning()).isFalse();
            }
        }
    }

    @Test
    void aReaperWithoutRightsSaysSoOnce() {
        StateManager hog = node("hog");
        StrokeSession session = hog.startStrokeSession(Samples.tattoo());
        hog.close();
        redis.admin("ACL SETUSER reader reset on >reader-password ~* &* +@read +@connection +time +evalsha +eval");
        try (StateManager eek = StateManager.connect(options("eek")
                        .username("reader")
                        .password("reader-password")
                        .build());
                Reaper reaper = Reaper.start(eek)) {
            await().until(() -> !problems.isEmpty());
            assertNothingIsTriedAgain();
            assertThat(problems).hasSize(1);
            assertThat(stored(eek, session).isExecuting()).isTrue();
        }
        assertThat(problems.get(0).kind()).isEqualTo(Problem.Kind.SIDE_EFFECT_FAILED);
        assertThat(problems.get(0).source()).isEqualTo("stroke:progress:" + session.id());
        assertThat(problems.get(0).message())
                .contains("lacks a right")
                .contains("STATE_REAPER")
                .doesNotContain("reader-password");
        assertThat(Log.logged(redis, "session_end")).isEmpty();
    }

    @Test
    void whatAReaperMayTellItTells() {
        StateManager hog = node("hog");
        StrokeSession session = hog.startStrokeSession(Samples.tattoo());
        hog.updateNodeHealth(Samples.health("hog").build());
        hog.updateNodeHealth(Samples.health("ook").build());
        hog.close();
        redis.admin("ACL SETUSER reader reset on >reader-password ~* &node:events:* +@all");
        try (StateManager eek = StateManager.connect(options("eek")
                        .username("reader")
                        .password("reader-password")
                        .build());
                Reaper reaper = Reaper.start(eek)) {
            await().until(() -> !problems.isEmpty());
            for (String node : List.of("hog", "ook")) {
                assertNothingIsTriedAgain();
                redis.admin("HSET liveness:" + node + " seen 1 interval 1");
                await().until(() ->
                        Log.logged(redis, "offline").stream().anyMatch(event -> node.equals(event.nodeId())));
            }
            assertThat(problems)
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.source()).isEqualTo("stroke:progress:" + session.id()));
            assertThat(stored(eek, session).isExecuting()).isTrue();
        }
        assertThat(Log.logged(redis, "session_end")).isEmpty();
    }

    @Test
    void aReaperThatMayNotLookSeldomTries() {
        redis.admin("ACL SETUSER reader reset on >reader-password ~* &* +@all -smembers");
        try (StateManager eek = StateManager.connect(options("eek")
                        .username("reader")
                        .password("reader-password")
                        .build());
                Reaper reaper = Reaper.start(eek)) {
            await().until(() -> refusals() > 0);
            long before = refusals();
            Awaitility.await().during(Duration.ofMillis(500)).until(() -> refusals() == before);
            assertThat(problems).hasSize(1);
        }
    }

    /** It goes on looking, and Redis refuses nothing any more. */
    private void assertNothingIsTriedAgain() {
        long refused = refusals();
        long looks = redis.calls("smembers");
        await().until(() -> redis.calls("smembers") > looks + 10);
        assertThat(refusals()).isEqualTo(refused);
    }

    /** How often Redis has refused something for want of a right. */
    private long refusals() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.aclLog().stream()
                    .mapToLong(AccessControlLogEntry::getCount)
                    .sum();
        }
    }
}
