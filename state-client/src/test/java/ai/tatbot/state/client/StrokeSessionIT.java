package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A stroke session from start to end, as sent node sees it. */
class StrokeSessionIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static StateManager node(String id) {
        return StateManager.connect(redis.options().nodeId(id).build());
    }

    @Test
    void anotherNodeSeesEveryStep() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        try (StateManager hog = node("hog");
                StateManager ook = node("ook")) {
            ook.subscribe(Channels.STROKE_SESSION, seen::add);
            ook.subscribe(Channels.STROKE_PROGRESS, seen::add);
            try (StrokeSession session = hog.startStrokeSession(100, 108, "tatbotlogo")) {
                long first = session.revision();
                assertThat(session.update(5, 25)).isEqualTo(first + 1);
                session.pause();
                session.resume();
                Versioned<StrokeProgress> current = ook.currentSession().orElseThrow();
                assertThat(current.key().id()).isEqualTo(session.id());
                assertThat(current.rev()).isEqualTo(first + 3);
                assertThat(current.value().strokeIdx()).isEqualTo(5);
                session.end();
            }
            Awaitility.await().until(() -> seen.stream().anyMatch(SessionEnd.class::isInstance));
            assertThat(seen).hasSize(5);
            assertThat(seen).anyMatch(SessionStart.class::isInstance);
            assertThat(seen).anyMatch(SessionPause.class::isInstance).anyMatch(SessionResume.class::isInstance);
            ProgressUpdate update = seen.stream()
                    .filter(ProgressUpdate.class::isInstance)
                    .map(ProgressUpdate.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertThat(update.strokeIdx()).isEqualTo(5);
            assertThat(update.rev()).isNotNull();
            assertThat(ook.currentSession()).isEmpty();
        }
    }

    @Test
    void leftByAnExceptionItEndsAsInterrupted() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        try (StateManager hog = node("hog")) {
            hog.subscribe(Channels.STROKE_SESSION, seen::add);
            assertThatThrownBy(() -> {
                        try (StrokeSession session = hog.startStrokeSession(10, 108, "tatbotlogo")) {
                            session.update(3, 7);
                            throw new IllegalStateException("needle stuck");
                        }
                    })
                    .hasMessage("needle stuck");
            Awaitility.await().until(() -> seen.size() == 2);
            SessionEnd end = (SessionEnd) seen.get(1);
            assertThat(end.reason()).isEqualTo(SessionEndReason.INTERRUPTED);
            assertThat(end.strokeIdx()).isEqualTo(3);
            assertThat(end.poseIdx()).isEqualTo(7);
            assertThat(end.eventId()).isNotNull();
        }
    }

    @Test
    void closingTriesTheEndThatFailedAgain() {
        StateOptions options =
                redis.options().nodeId("hog").timeout(Duration.ofMillis(300)).build();
        try (StateManager hog = StateManager.connect(options)) {
            StrokeSession sent = hog.startStrokeSession(10, 108, "tatbotlogo");
            StrokeSession notSent = hog.startStrokeSession(10, 108, "tatbotlogo");
            redis.freeze();
            try {
                // The first is sent, and carried out once Redis goes on; the second does not get a connection.
                for (StrokeSession session : List.of(sent, notSent)) {
                    assertThatThrownBy(session::end)
                            .isInstanceOfSatisfying(
                                    StateException.class,
                                    e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
                    assertThat(session.isRunning()).isTrue();
                }
            } finally {
                redis.thaw();
            }
            for (StrokeSession session : List.of(sent, notSent)) {
                session.close();
                assertThat(session.isRunning()).isFalse();
                assertThat(hog.strokeProgress(session.id())
                                .orElseThrow()
                                .value()
                                .isExecuting())
                        .isFalse();
                assertThat(logged(session.id(), "session_end"))
                        .singleElement()
                        .satisfies(end -> assertThat(end).contains("\"reason\":\"completed\""));
            }
        }
    }

    private static List<String> logged(String sessionId, String type) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.xrange("events:log", "-", "+").stream()
                    .map(entry -> entry.getFields().getOrDefault("event", ""))
                    .filter(event -> event.contains('"' + sessionId + '"') && event.contains('"' + type + '"'))
                    .toList();
        }
    }

    @Test
    void anUpdateChangesNeitherTheNodeNorWhetherItRuns() {
        try (StateManager hog = node("hog");
                StrokeSession session = hog.startStrokeSession(10, 108, "tatbotlogo")) {
            assertKeeps(hog, session, false);
            session.pause();
            assertKeeps(hog, session, true);
        }
    }

    private static void assertKeeps(StateManager state, StrokeSession session, boolean paused) {
        session.update(
                next -> next.isPaused(!paused).isExecuting(false).nodeId("ook").poseIdx(7));
        StrokeProgress stored = state.strokeProgress(session.id()).orElseThrow().value();
        assertThat(stored).isEqualTo(session.progress());
        assertThat(stored.isPaused()).isEqualTo(paused);
        assertThat(stored.isExecuting()).isTrue();
        assertThat(stored.nodeId()).isEqualTo("hog");
        assertThat(stored.poseIdx()).isEqualTo(7);
    }

    @Test
    void anEndedSessionTakesNoUpdate() {
        try (StateManager hog = node("hog")) {
            StrokeSession session = hog.startStrokeSession(10, 108, "tatbotlogo");
            session.end();
            session.end();
            session.close();
            assertThatThrownBy(() -> session.update(1, 1))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT))
                    .hasMessage("session " + session.id() + " has ended; start a new one with startStrokeSession");
        }
    }
}
