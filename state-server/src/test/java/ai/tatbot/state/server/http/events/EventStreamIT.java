package ai.tatbot.state.server.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.testkit.EventClient;
import ai.tatbot.state.server.testkit.EventClient.Told;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class EventStreamIT {
    private RedisServer redis;
    private StateManager hog;
    private StateServer server;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0));
    }

    @AfterEach
    void stop() {
        server.close();
        hog.close();
        redis.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    private EventClient follow(String query) {
        return EventClient.connect(server.url(), query, null);
    }

    private static boolean knows(EventClient client, String key, long revision) {
        return client.told("change").stream()
                .anyMatch(told -> told.text("key").equals(key)
                        && told.data().path("revision").asLong() == revision);
    }

    @Test
    void firstTheSnapshotThenEveryChange() {
        long before = hog.updateRobotState(Samples.robot("hog").build());
        try (EventClient client = follow("")) {
            await().until(() -> knows(client, "robot:state:hog", before));
            assertThat(client.told().get(0).event()).isEqualTo("hello");
            assertThat(client.told().get(0).data().path("resumed").asBoolean()).isFalse();
            assertThat(client.told().get(1).event()).isEqualTo("status");
            long after = hog.updateRobotState(Samples.robot("hog").build());
            await().until(() -> knows(client, "robot:state:hog", after));
            Told last = client.told("change").get(client.told("change").size() - 1);
            assertThat(last.text("kind")).isEqualTo("robot_state");
            assertThat(last.data().path("value").path("node_id").asString()).isEqualTo("hog");
            assertThat(client.told("ready")).hasSize(1);
        }
    }

    @Test
    void everyTransitionInOrderAndHeartbeatsBetween() {
        try (EventClient client = follow("")) {
            await().until(() -> !client.told("ready").isEmpty());
            try (StrokeSession session = hog.startStrokeSession(2, 3, "<img src=x>")) {
                session.pause();
                session.resume();
                session.end();
            }
            await().until(() -> client.told("transition").size() >= 4);
            assertThat(client.told("transition"))
                    .filteredOn(told -> told.text("channel").equals("stroke:events:session"))
                    .extracting(told -> told.data().path("event").path("type").asString())
                    .containsExactly("session_start", "session_pause", "session_resume", "session_end");
            await().until(() -> client.comments().contains(": heartbeat"));
        }
    }

    @Test
    void aClientThatComesBackHearsWhatItMissedAndNothingTwice() {
        String last;
        try (EventClient client = follow("")) {
            await().until(() -> !client.told("ready").isEmpty());
            hog.reportError("robot", "one", Map.of());
            await().until(() -> client.told("transition").size() == 1);
            last = client.lastId();
        }
        hog.reportError("robot", "two", Map.of());
        long revision = hog.updateRobotState(Samples.robot("hog").build());
        try (EventClient back = EventClient.connect(server.url(), "", last)) {
            await().until(() -> knows(back, "robot:state:hog", revision));
            assertThat(back.told().get(0).data().path("resumed").asBoolean()).isTrue();
            assertThat(back.told("ready")).isEmpty();
            await().until(() -> back.told("transition").stream()
                    .anyMatch(told -> told.text("channel").equals("error:events:robot")));
            assertThat(back.told("transition"))
                    .filteredOn(told -> told.text("channel").equals("error:events:robot"))
                    .extracting(
                            told -> told.data().path("event").path("message").asString())
                    .containsExactly("two");
        }
    }

    @Test
    void aClientOfAServerBeforeHearsTheTransitionsThatNobodyWasThereFor() {
        String last;
        try (EventClient client = follow("")) {
            await().until(() -> !client.told("ready").isEmpty());
            hog.reportError("robot", "one", Map.of());
            await().until(() -> client.told("transition").size() == 1);
            last = client.lastId();
        }
        server.close();
        hog.reportError("robot", "two", Map.of());
        server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0));
        try (EventClient back = EventClient.connect(server.url(), "", last)) {
            await().until(() -> !back.told("ready").isEmpty());
            hog.reportError("robot", "four", Map.of());
            await().untilAsserted(() -> assertThat(back.told("transition"))
                    .filteredOn(told -> told.text("channel").equals("error:events:robot"))
                    .extracting(
                            told -> told.data().path("event").path("message").asString())
                    .containsExactly("two", "four"));
        }
    }

    @Test
    void whoFollowsTransitionsOnlyCanResumeBeforeThereWasOne() {
        String last;
        try (EventClient client = follow("channel=error:events:robot")) {
            await().until(() -> !client.told("ready").isEmpty());
            last = client.lastId();
        }
        hog.reportError("robot", "one", Map.of());
        try (EventClient back = EventClient.connect(server.url(), "channel=error:events:robot", last)) {
            await().untilAsserted(() -> assertThat(back.told("transition"))
                    .extracting(
                            told -> told.data().path("event").path("message").asString())
                    .containsExactly("one"));
        }
    }

    @Test
    void aClientThatComesBeforeRedisIsToldEverythingOnceItIsThere() {
        server.close();
        redis.kill();
        server = StateServer.start(
                redis.options().nodeId("server").problemListener(problem -> {}), ServerOptions.loopback(0));
        try (EventClient client = follow("")) {
            await().until(() -> client.told("status").size() >= 2);
            assertThat(client.told("ready")).isEmpty();
            redis.restart();
            await().until(() -> client.told("ready").size() == 1);
            long revision = hog.updateRobotState(Samples.robot("hog").build());
            await().until(() -> knows(client, "robot:state:hog", revision));
        }
    }

    @Test
    void filters() {
        try (EventClient progress = follow("kind=stroke_progress&channel=stroke:events:session");
                EventClient one = follow("key=robot:state:hog")) {
            await().until(() ->
                    !progress.told("ready").isEmpty() && !one.told("ready").isEmpty());
            long revision = hog.updateRobotState(Samples.robot("hog").build());
            hog.updateRobotState(Samples.robot("rig").build());
            try (StrokeSession session = hog.startStrokeSession(2, 3, "scene")) {
                session.update(1, 1);
                session.end();
            }
            await().until(() -> progress.told("transition").size() == 2);
            await().until(() -> knows(one, "robot:state:hog", revision));
            assertThat(progress.told("change"))
                    .isNotEmpty()
                    .allMatch(told -> told.text("kind").equals("stroke_progress"));
            assertThat(one.told("change")).allMatch(told -> told.text("key").equals("robot:state:hog"));
            assertThat(one.told("transition")).isEmpty();
        }
    }

    @Test
    void whatCannotBeAskedForIsRefusedInWords() {
        for (String query : new String[] {
            "kind=nonsense", "key=nonsense", "channel=nonsense", "interval_ms=1", "interval_ms=x", "other=1"
        }) {
            try (EventClient client = follow(query)) {
                assertThat(client.status()).as(query).isEqualTo(400);
            }
        }
    }

    @Test
    void itSaysThatRedisIsGoneAndThatItIsBack() {
        try (EventClient client = follow("")) {
            await().until(() -> client.told("status").stream()
                    .anyMatch(told -> told.text("condition").equals("live")));
            redis.kill();
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> !client.told("status")
                            .get(client.told("status").size() - 1)
                            .text("condition")
                            .equals("live"));
            int sofar = client.told("status").size();
            await().until(() -> client.told("status").size() >= sofar + 2);
            redis.restart();
            await().until(() -> client.told("status")
                    .get(client.told("status").size() - 1)
                    .text("condition")
                    .equals("live"));
            assertThat(client.isOver()).isFalse();
        }
    }

    @Test
    void garbageIsTold() {
        try (EventClient client = follow("");
                Jedis jedis = redis.jedis()) {
            await().until(() -> !client.told("ready").isEmpty());
            jedis.publish("stroke:events:progress", "nonsense");
            await().until(() -> client.told("problem").stream()
                    .anyMatch(told -> told.text("source").equals("stroke:events:progress")));
        }
    }

    @Test
    void aServerThatStopsSaysGoodbye() {
        try (EventClient client = follow("")) {
            await().until(() -> !client.told("ready").isEmpty());
            long start = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            await().until(client::isOver);
            assertThat(client.told().get(client.told().size() - 1).event()).isEqualTo("goodbye");
        }
    }
}
