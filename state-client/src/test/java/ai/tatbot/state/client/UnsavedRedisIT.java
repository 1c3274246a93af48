package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.async.AsyncStateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * A Redis that cannot save takes no writes, and refuses even {@code PING}; who only reads must not notice. Source: {@code
 * processCommand} in Redis' server.c names {@code pingCommand} beside the writes.
 */
class UnsavedRedisIT {
    @TempDir
    Path folder;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private RedisServer redis;
    private StateManager hog;
    private StateManager ook;

    @BeforeEach
    void start() {
        redis = RedisServer.start("--dir", folder.toString(), "--save", "1000000 1");
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        hog.updateRobotState(Samples.robot("hog").goalTimeSlow(1).build());
        ook = StateManager.connect(
                redis.options().nodeId("ook").problemListener(problems::add).build());
    }

    @AfterEach
    void stop() {
        ook.close();
        hog.close();
        redis.close();
    }

    @Test
    void whoWatchesStaysLive() throws IOException {
        StateWatch watch = ook.watch(WatchScope.everything());
        List<Event> heard = new CopyOnWriteArrayList<>();
        Subscription subscription = ook.subscribe(Channels.ROBOT_EVENTS, heard::add);
        Awaitility.await().until(() -> watch.status().isLive());
        Set<String> connections = connectionsOfClients();

        failToSave();
        // Longer than a connection may be silent.
        Awaitility.await()
                .during(Duration.ofMillis(2_500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> watch.status().isLive() && subscription.condition() == Subscription.Condition.LIVE);
        assertThat(problems).isEmpty();
        assertThat(connectionsOfClients()).isEqualTo(connections);

        saveAgain();
        hog.updateRobotState(
                Samples.robot("hog").goalTimeSlow(2).isConnectedL(false).build());
        Awaitility.await().until(() -> !heard.isEmpty());
        assertThat(problems).isEmpty();
    }

    @Test
    void whoReadsCanConnect() throws Exception {
        failToSave();
        try (StateManager late =
                StateManager.connect(redis.options().nodeId("late").build())) {
            late.ping();
            assertThat(late.robotState("hog")).isPresent();
            StateException refused = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> late.updateRobotState(Samples.robot("hog").build()));
            assertThat(refused.reason()).isEqualTo(Reason.READ_ONLY);
        }
        try (AsyncStateManager async = AsyncStateManager.connect(
                        redis.options().nodeId("late").build())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)) {
            async.ping().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(async.robotState("hog").toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isPresent();
        }
    }

    @Test
    void whoIsIdleKeepsHisConnections() throws IOException {
        failToSave();
        assertThat(ook.robotState("hog")).isPresent();
        Set<String> before = connectionsOfClients();
        long refused = refusedPings();
        // The pool tests each second what nobody uses.
        Awaitility.await().until(() -> refusedPings() >= refused + 3);
        assertThat(ook.robotState("hog")).isPresent();
        assertThat(connectionsOfClients()).isEqualTo(before);
    }

    private long refusedPings() {
        Matcher count = Pattern.compile("rejected_calls=([0-9]+)").matcher(redis.info("commandstats", "cmdstat_ping"));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    /** Those of longer standing than this question. */
    private Set<String> connectionsOfClients() {
        try (Jedis jedis = redis.jedis()) {
            String own = " id=" + jedis.clientId() + " ";
            return jedis.clientList()
                    .lines()
                    .filter(line -> !(" " + line).contains(own))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .collect(Collectors.toSet());
        }
    }

    private void failToSave() throws IOException {
        // A folder by the name of the file: even root cannot write there.
        Files.deleteIfExists(folder.resolve("dump.rdb"));
        Files.createDirectories(folder.resolve("dump.rdb").resolve("full"));
        save("err");
    }

    private void saveAgain() throws IOException {
        Files.delete(folder.resolve("dump.rdb").resolve("full"));
        Files.delete(folder.resolve("dump.rdb"));
        save("ok");
    }

    private void save(String outcome) {
        redis.admin("BGSAVE");
        Awaitility.await()
                .until(() -> redis.info("persistence", "rdb_last_bgsave_status").equals(outcome));
    }
}
