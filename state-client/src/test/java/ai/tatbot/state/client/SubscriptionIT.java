package ai.tatbot.state.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.Subscription.Condition;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.Proxy.Direction;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription whose connection dies in one way or another notices, says so, and comes back by itself; closed, it is gone. */
class SubscriptionIT {
    /** How soon a dead connection must be noticed. */
    private static final Duration NOTICED = Duration.ofSeconds(3);

    /** How soon after Redis' return events must arrive again. */
    private static final Duration RESTORED = Duration.ofSeconds(1);

    private static RedisServer redis;
    private static StateManager writer;

    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private Proxy proxy;
    private StateManager state;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        writer = StateManager.connect(redis.options().nodeId("hog").build());
    }

    @AfterAll
    static void stop() {
        writer.close();
        redis.close();
    }

    @BeforeEach
    void connect() {
        proxy = Proxy.to(redis.port());
        state = StateManager.connect(redis.options()
                .port(proxy.port())
                .nodeId("ook")
                .problemListener(problems::add)
                .build());
    }

    @AfterEach
    void disconnect() {
        state.close();
        proxy.close();
    }

    @Test
    void aFrozenRedis() throws InterruptedException {
        Subscription subscription = subscribe();
        redis.freeze();
        try {
            assertNoticed(subscription);
        } finally {
            redis.thaw();
        }
        assertRestored(subscription);
    }

    @Test
    void aNetworkThatIsGoneForAWhile() throws InterruptedException {
        Subscription subscription = subscribe();
        proxy.hold();
        assertNoticed(subscription);
        proxy.release();
        assertRestored(subscription);
    }

    @Test
    void aNetworkThatIsGoneInOneDirection() throws InterruptedException {
        Subscription subscription = subscribe();
        proxy.hold(Direction.TO_CLIENT);
        assertNoticed(subscription);
        proxy.release();
        assertRestored(subscription);
        proxy.hold(Direction.TO_SERVER);
        assertNoticed(subscription);
        proxy.release();
        assertRestored(subscription);
    }

    @Test
    void aConnectionThatIsHalfOpen() throws InterruptedException {
        Subscription subscription = subscribe();
        int connections = proxy.connections();
        proxy.forget();
        // New connections work, so it is back before long.
        within(NOTICED).until(() -> proxy.connections() > connections && subscription.condition() == Condition.LIVE);
        assertThat(problems).extracting(Problem::kind).containsOnly(Problem.Kind.DISCONNECTED);
        assertRestored(subscription);
    }

    @Test
    void aConnectionThatIsCut() throws InterruptedException {
        Subscription subscription = subscribe();
        proxy.cut();
        within(RESTORED).until(() -> !problems.isEmpty() && subscription.condition() == Condition.LIVE);
        assertRestored(subscription);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.DISCONNECTED);
            assertThat(problem.source()).isEqualTo("stroke:events:progress");
            assertThat(problem.message())
                    .isEqualTo("subscribing to stroke:events:progress: cannot connect to Redis at 127.0.0.1:"
                            + proxy.port()
                            + ". Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT right? Reconnecting.");
        });
    }

    @Test
    void transitionsOfAnOutageAreToldAfterIt() throws InterruptedException {
        BlockingQueue<String> types = new LinkedBlockingQueue<>();
        state.subscribe(Channels.STROKE_SESSION, event -> types.add(event.type()));
        BlockingQueue<String> raw = new LinkedBlockingQueue<>();
        state.subscribeRaw(List.of("error:events:*", "stroke:events:session"), (channel, message) -> raw.add(channel));
        StrokeSession session = writer.startStrokeSession(Samples.tattoo());
        assertThat(types.poll(5, TimeUnit.SECONDS)).isEqualTo("session_start");
        assertThat(raw.poll(5, TimeUnit.SECONDS)).isEqualTo("stroke:events:session");
        proxy.hold();
        proxy.cut();
        session.pause();
        writer.reportError("robot", "hot", Map.of());
        session.resume();
        proxy.release();
        for (String type : List.of("session_pause", "session_resume")) {
            assertThat(types.poll(5, TimeUnit.SECONDS)).isEqualTo(type);
        }
        for (String channel : List.of("stroke:events:session", "error:events:robot", "stroke:events:session")) {
            assertThat(raw.poll(5, TimeUnit.SECONDS)).isEqualTo(channel);
        }
        session.end();
        assertThat(types.poll(5, TimeUnit.SECONDS)).isEqualTo("session_end");
        assertThat(raw.poll(5, TimeUnit.SECONDS)).isEqualTo("stroke:events:session");
        assertThat(types).isEmpty();
        assertThat(raw).isEmpty();
    }

    @Test
    void anIdOfAnApplicationsOwnHidesNothing() throws InterruptedException {
        BlockingQueue<String> raw = new LinkedBlockingQueue<>();
        state.subscribeRaw(List.of("system:events"), (channel, message) -> raw.add(new String(message, UTF_8)));
        List<String> foreign = List.of(
                "{\"event_id\":\"550e8400-e29b\",\"seq\":1,\"a\":1}",
                "{\"event_id\":\"1234567890abc-x\",\"seq\":2}",
                "{\"a\":1,\"event_id\":\"99999999999999-0\",\"seq\":3,\"b\":1}");
        foreign.forEach(message -> redis.admin("PUBLISH system:events " + message));
        for (String message : foreign) {
            assertThat(raw.poll(5, TimeUnit.SECONDS)).isEqualTo(message);
        }
        writer.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
        assertThat(raw.poll(5, TimeUnit.SECONDS)).contains("hello");
        assertThat(problems).isEmpty();
    }

    @Test
    void aRedisThatIsKilledAndStartedAgain() throws InterruptedException {
        try (Subscription direct = writer.subscribe(Channels.STROKE_PROGRESS, heard::add)) {
            redis.kill();
            assertNoticed(direct);
            redis.restart();
            // A read is repeated on a new connection; what tells something once is not, and would fail on the old one.
            assertThat(writer.robotState("hog")).isEmpty();
            assertRestored(direct);
        }
    }

    @Test
    void aDeadRedisIsNotHammered() {
        Subscription subscription = subscribe();
        int connections = proxy.connections();
        redis.kill();
        try {
            within(NOTICED).until(() -> subscription.condition() == Condition.RECONNECTING);
            Instant since = Instant.now();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> Duration.between(since, Instant.now()).toMillis() > 2_000);
            // Waits between nothing and half a second, a quarter on average.
            assertThat(proxy.connections() - connections).isBetween(3, 40);
        } finally {
            redis.restart();
            assertThat(writer.robotState("hog")).isEmpty();
        }
    }

    @Test
    void aChannelThatIsNamedTwiceIsHeardOnce() throws InterruptedException {
        BlockingQueue<String> channels = new LinkedBlockingQueue<>();
        String progress = Channels.STROKE_PROGRESS.name();
        String session = Channels.STROKE_SESSION.name();
        Subscription subscription =
                state.subscribeRaw(List.of(progress, session, progress), (channel, message) -> channels.add(channel));
        assertThat(subscription.condition()).isEqualTo(Condition.LIVE);
        publishOne();
        for (String expected : List.of(session, progress, session)) {
            assertThat(channels.poll(5, TimeUnit.SECONDS)).isEqualTo(expected);
        }
        assertThat(channels).isEmpty();
    }

    @Test
    void noChannelIsRefused() {
        assertThatThrownBy(() -> state.subscribeRaw(List.of(), (channel, message) -> {}))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("at least one channel is needed to listen to");
        assertThat(threads()).isEmpty();
    }

    @Test
    void aQuietChannelIsNotADeadOne() {
        Subscription subscription = subscribe();
        int connections = proxy.connections();
        Instant since = Instant.now();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertThat(subscription.condition()).isEqualTo(Condition.LIVE);
                    assertThat(subscription.staleSince()).isEmpty();
                    return Duration.between(since, Instant.now()).toMillis() > 3_500;
                });
        assertThat(proxy.connections()).isEqualTo(connections);
        assertThat(problems).isEmpty();
    }

    @Test
    void aSlowListenerIsNotADeadConnection() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        Subscription subscription = state.subscribe(Channels.STROKE_PROGRESS, event -> {
            if (heard.isEmpty()) {
                entered.countDown();
                await(slow);
            }
            heard.add(event);
        });
        int connections = proxy.connections();
        StrokeSession session = writer.startStrokeSession(Samples.tattoo());
        for (int pose = 1; pose <= 50; pose++) {
            session.update(0, pose);
        }
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
        // More than twice the silence after which a connection counts as dead.
        Instant since = Instant.now();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> Duration.between(since, Instant.now()).toMillis() > 5_000);
        slow.countDown();
        within(RESTORED).until(() -> heard.size() == 50);
        session.update(0, 51);
        within(RESTORED).until(() -> heard.size() == 51);
        assertThat(proxy.connections()).isEqualTo(connections);
        assertThat(subscription.condition()).isEqualTo(Condition.LIVE);
        assertThat(problems).isEmpty();
    }

    @Test
    void closedItEndsItsThreadsAndIsHeardNoMore() {
        Subscription one = subscribe();
        Subscription many = state.subscribe(Channels.NODE_EVENTS, heard::add);
        assertThat(threads()).hasSize(4);
        one.close();
        one.close();
        assertThat(one.condition()).isEqualTo(Condition.CLOSED);
        assertThat(one.staleSince()).isPresent();
        within(RESTORED).until(() -> threads().count() == 2);
        publishOne();
        state.close();
        assertThat(many.condition()).isEqualTo(Condition.CLOSED);
        within(RESTORED).until(() -> threads().findAny().isEmpty());
        assertThat(heard).isEmpty();
    }

    @Test
    void closedWhileItsRedisIsAwayItEndsItsThreads() {
        Subscription subscription = subscribe();
        proxy.hold();
        within(NOTICED).until(() -> subscription.condition() == Condition.RECONNECTING);
        subscription.close();
        assertThat(subscription.condition()).isEqualTo(Condition.CLOSED);
        within(NOTICED).until(() -> threads().findAny().isEmpty());
    }

    @Test
    void itCanBeClosedByItsOwnListener() throws InterruptedException {
        CompletableFuture<Subscription> itself = new CompletableFuture<>();
        itself.complete(state.subscribe(Channels.STROKE_PROGRESS, event -> {
            itself.join().close();
            heard.add(event);
        }));
        StrokeSession session = writer.startStrokeSession(Samples.tattoo());
        session.update(0, 1);
        session.update(0, 2);
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(itself.join().condition()).isEqualTo(Condition.CLOSED);
        within(RESTORED).until(() -> threads().findAny().isEmpty());
        assertThat(heard).isEmpty();
    }

    @Test
    void closingInterruptsNoListenersWork() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        Subscription subscription = state.subscribe(Channels.STROKE_PROGRESS, event -> {
            entered.countDown();
            await(go);
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        publishOne();
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
        subscription.close();
        go.countDown();
        assertThat(interrupted.poll(5, TimeUnit.SECONDS)).isFalse();
    }

    private Subscription subscribe() {
        Subscription subscription = state.subscribe(Channels.STROKE_PROGRESS, heard::add);
        assertThat(subscription.condition()).isEqualTo(Condition.LIVE);
        assertThat(subscription.staleSince()).isEmpty();
        return subscription;
    }

    private void assertNoticed(Subscription subscription) {
        Instant before = Instant.now();
        within(NOTICED).until(() -> subscription.condition() == Condition.RECONNECTING);
        assertThat(subscription.staleSince().orElseThrow()).isBetween(before.minusSeconds(1), Instant.now());
    }

    private void assertRestored(Subscription subscription) throws InterruptedException {
        within(RESTORED).until(() -> subscription.condition() == Condition.LIVE);
        assertThat(subscription.staleSince()).isEmpty();
        heard.clear();
        publishOne();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).as("an event").isNotNull();
    }

    private static void publishOne() {
        try (StrokeSession session = writer.startStrokeSession(Samples.tattoo())) {
            session.update(0, 1);
        }
    }

    private static ConditionFactory within(Duration time) {
        return Awaitility.await().pollInterval(Duration.ofMillis(10)).atMost(time);
    }

    private static Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tatbot-subscription-")
                        || thread.getName().startsWith("tatbot-pulse-"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
