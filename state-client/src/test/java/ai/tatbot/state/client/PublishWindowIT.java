package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What happens to a publisher's batches while answers of the one before are still to come. */
@Tag("alone")
class PublishWindowIT {
    /** A batch that is as large as may be, so that half of its answers make room for another one. */
    private static final int BATCH = 200;

    private static final int HALF = BATCH / 2;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private RedisServer redis;
    private Proxy proxy;
    private StateManager state;
    private StatePublisher publisher;
    private PublishedSession session;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        proxy = Proxy.to(redis.port());
        state = StateManager.connect(redis.options()
                .port(proxy.port())
                .nodeId("hog")
                .problemListener(problems::add)
                .build());
        publisher = state.publisher();
        session = publisher.startStrokeSession(100, 108, "tatbotlogo");
        assertThat(publisher.flush(seconds(5))).isTrue();
        // The sender waits for an answer, so that what is offered meanwhile goes out as one batch.
        proxy.answers(0);
        beat(0, 1);
        Awaitility.await().until(() -> isStored(0, 0));
    }

    @AfterEach
    void stop() {
        state.close();
        proxy.close();
        redis.close();
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** Offers heartbeats of as many nodes, from this one. */
    private void beat(int first, int nodes) {
        for (int i = first; i < first + nodes; i++) {
            beat("n" + i, 0);
        }
    }

    private void beat(String node, int cpu) {
        assertThat(publisher.offer(Samples.health(node).cpuPercent(cpu).build()))
                .isTrue();
    }

    private boolean isStored(int node, int cpu) {
        try (Jedis jedis = redis.jedis()) {
            String health = jedis.hget("node:health:n" + node, "health");
            return health != null && health.matches(".*\"cpu_percent\":" + cpu + "[.,}].*");
        }
    }

    private void report(int first, int errors) {
        for (int i = first; i < first + errors; i++) {
            assertThat(publisher.reportError("robot", "needle stuck", Map.of("number", i)))
                    .isTrue();
        }
    }

    @Test
    void aBatchIsSentBeforeTheLastOneIsAnsweredAndWhenTheConnectionBreaksBothAreSettledOnce() {
        report(0, 40);
        beat(1, BATCH - 40);
        report(40, 40);
        proxy.answers(1 + HALF);
        Awaitility.await().untilAsserted(() -> assertThat(errors()).isEqualTo(numbers(80)));
        assertThat(publisher.stats().transitionsSent())
                .as("the start, and those of the first batch")
                .isEqualTo(41);
        assertThat(publisher.flush(Duration.ofMillis(50)))
                .as("not all is answered")
                .isFalse();
        proxy.cut();
        assertThat(publisher.flush(seconds(10))).isTrue();
        assertThat(errors()).isEqualTo(numbers(80));
        assertSettled();
        for (int node = 0; node <= BATCH - 40; node++) {
            assertThat(isStored(node, 0)).as("n" + node).isTrue();
        }
    }

    @Test
    void whatWasStoredOfTheFirstBatchIsFoundAndTheSecondThatWasLostIsSentAgain() {
        session.pause();
        beat(1, BATCH - 1);
        beat(BATCH, 39);
        session.resume();
        proxy.answers(1);
        Awaitility.await().until(() -> isStored(BATCH - 1, 0));
        proxy.hold(Proxy.Direction.TO_SERVER);
        proxy.answers(HALF);
        Awaitility.await().until(() -> proxy.holdsBack("session_resume"));
        assertThat(proxy.holdsBack("node:health:n" + (BATCH + 38))).isTrue();
        proxy.cut();
        proxy.release();
        assertThat(publisher.flush(seconds(10))).isTrue();
        assertThat(sessionEvents()).containsExactly("session_start", "session_pause", "session_resume");
        assertThat(isStored(BATCH + 38, 0)).isTrue();
        assertSettled();
    }

    @Test
    void aTransitionDoesNotOvertakeItsSessionsPositionThatIsRefusedInTheBatchBefore() {
        beat(1, BATCH - 50);
        session.offer(1, 1);
        beat(BATCH, 49);
        session.pause();
        try (Eavesdropper heard = Eavesdropper.on(redis)) {
            // So that the position is refused: its key must be made anew.
            redis.admin("DEL stroke:progress:" + session.id());
            proxy.answers(1 + HALF);
            Awaitility.await().until(() -> publisher.stats().sent() == 1 + HALF);
            proxy.answers(Integer.MAX_VALUE);
            assertThat(publisher.flush(seconds(10))).isTrue();
            Pattern type = Pattern.compile("\"type\":\"(progress_update|session_[a-z]+)\"");
            List<String> types = new ArrayList<>();
            heard.soFar().forEach(event -> {
                Matcher matcher = type.matcher(event.message());
                if (matcher.find()) {
                    types.add(matcher.group(1));
                }
            });
            assertThat(types).containsExactly("progress_update", "session_pause");
        }
        assertThat(state.strokeProgress(session.id()).orElseThrow().value().isPaused())
                .isTrue();
        assertSettled();
    }

    @Test
    void whenRedisForgetsItsScriptsUnderABatchTheOrderStays() {
        List<String> expected = new ArrayList<>(List.of("session_start"));
        for (int i = 0; i < 30; i++) {
            session.pause();
            session.resume();
            expected.addAll(List.of("session_pause", "session_resume"));
        }
        report(0, 60);
        beat(1, BATCH - 120);
        report(60, 120);
        session.pause();
        // Those of the session are refused: their script was sent on this connection before.
        redis.admin("SCRIPT FLUSH");
        proxy.answers(1 + 10);
        Awaitility.await()
                .until(() -> redis.info("errorstats", "errorstat_NOSCRIPT").startsWith("count="));
        proxy.answers(Integer.MAX_VALUE);
        session.resume();
        expected.addAll(List.of("session_pause", "session_resume"));
        assertThat(publisher.flush(seconds(10))).isTrue();
        assertThat(errors()).isEqualTo(numbers(180));
        assertThat(sessionEvents()).isEqualTo(expected);
        assertSettled();
    }

    @Test
    void nothingIsLookedUpBetweenTheAnswersOfABatch() {
        PublishedSession other = publisher.startStrokeSession(100, 108, "tatbotlogo");
        beat(1, BATCH - 1);
        // A conflict: whether it is the publisher's own start is looked up.
        redis.admin("HSET stroke:progress:" + other.id() + " rev 5");
        proxy.answers(Integer.MAX_VALUE);
        assertThat(publisher.flush(seconds(10))).isTrue();
        assertThat(problems).isEmpty();
        assertThat(publisher.stats().failures()).isZero();
        assertSettled();
    }

    @Test
    void closingWaitsForTheAnswersOfBothBatches() {
        report(0, 40);
        beat(1, BATCH - 40);
        report(40, 40);
        proxy.answers(1 + HALF);
        Awaitility.await().until(() -> errors().size() == 80);
        proxy.answers(Integer.MAX_VALUE);
        publisher.close();
        assertThat(problems).isEmpty();
        assertThat(publisher.stats().transitionsSent()).isEqualTo(81);
        assertSettled();
    }

    private void assertSettled() {
        PublisherStats stats = publisher.stats();
        assertThat(stats.offered()).isEqualTo(stats.sent() + stats.conflated());
        assertThat(stats.dropped()).isZero();
        assertThat(stats.transitionsQueued()).isZero();
        assertThat(stats.transitionsLost()).isZero();
        assertThat(session.isLost()).isFalse();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private List<Integer> errors() {
        return logged("\"number\":([0-9]+)").stream().map(Integer::valueOf).toList();
    }

    private List<String> sessionEvents() {
        return logged("\"type\":\"(session_[a-z]+)\"");
    }

    private List<String> logged(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        List<String> found = new ArrayList<>();
        try (Jedis jedis = redis.jedis()) {
            jedis.xrange("events:log", "-", "+").forEach(entry -> {
                Matcher matcher = compiled.matcher(entry.getFields().getOrDefault("event", ""));
                if (matcher.find()) {
                    found.add(matcher.group(1));
                }
            });
        }
        return found;
    }
}
