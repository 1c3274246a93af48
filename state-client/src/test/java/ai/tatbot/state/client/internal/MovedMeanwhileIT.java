package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Snapshot;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.internal.LivenessTurn.Condition;
import ai.tatbot.state.client.internal.LivenessTurn.Proof;
import ai.tatbot.state.client.internal.Script.Call;
import ai.tatbot.state.client.internal.Script.Outcome;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What a reaper has seen may have changed when it tells so: then it is refused, and leaves no trace. */
class MovedMeanwhileIT {
    private static RedisServer redis;

    private RedisConnections connections;
    private StateManager hog;
    private Jedis jedis;
    private Eavesdropper eavesdropper;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL", "ACL SETUSER reaper reset on >reaper-password ~* &* +@all");
        jedis = redis.jedis();
        eavesdropper = Eavesdropper.on(redis);
        // Long enough that nothing is renewed while a test runs.
        StateOptions.Builder options = redis.options().nodeId("hog").sessionLease(Duration.ofMinutes(10));
        hog = StateManager.connect(options.build());
        connections = new RedisConnections(
                options.username("reaper").password("reaper-password").build());
    }

    @AfterEach
    void disconnect() {
        connections.close();
        hog.close();
        eavesdropper.close();
        jedis.close();
    }

    private Outcome run(Call call) {
        return connections
                .run("testing", RedisConnections.Safety.ONCE, connection -> Script.runAll(connection, List.of(call)))
                .get(0);
    }

    private static String code(Outcome outcome) {
        return outcome.error() == null
                ? "done"
                : String.valueOf(outcome.error().getMessage()).split(" ", -1)[0];
    }

    /** How a reaper ends this session, whose lease it has seen run out. */
    private Call reap(StrokeSession session) {
        String key = key(session);
        jedis.hset(key, "lease_until", Long.toString(System.currentTimeMillis() - 1_000));
        StoredSession seen = new SessionReader(connections, new Namespace(""))
                .read(Keys.strokeProgress(session.id()))
                .orElseThrow();
        Instant now = WireTime.now();
        Contact contact = new Contact(Duration.ofHours(1));
        contact.made(now.toEpochMilli() - 1_000);
        contact.made(now.toEpochMilli());
        DeadWriters writers = new DeadWriters(new Namespace(""), Duration.ofMillis(500), Duration.ofHours(1));
        List<Call> calls = writers.reap(List.of(seen), now, contact, 0);
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    private static String key(StrokeSession session) {
        return "stroke:progress:" + session.id();
    }

    static Stream<Consumer<MovedMeanwhileIT>> signsOfLife() {
        return Stream.of(
                test -> test.jedis.hset(
                        key(test.running()), "lease_until", Long.toString(System.currentTimeMillis() + 60_000)),
                test -> test.running().update(5, 26),
                test -> test.running().pause(),
                test -> test.running().end(),
                test -> test.hog.takeOverSession(test.running().id()),
                test -> test.jedis.hset(
                        key(test.running()),
                        "progress",
                        test.jedis.hget(key(test.running()), "progress").replace(":25,", ":26,")),
                test -> test.jedis.del(key(test.running())));
    }

    private @Nullable StrokeSession session;

    private StrokeSession running() {
        if (session == null) {
            session = hog.startStrokeSession(Samples.tattoo());
            session.update(5, 25);
        }
        return session;
    }

    @ParameterizedTest
    @MethodSource("signsOfLife")
    void aWriterThatGivesASignOfLifeWins(Consumer<MovedMeanwhileIT> sign) {
        Call call = reap(running());
        sign.accept(this);
        assertRefused(call, "CONFLICT");
    }

    @Test
    void ofTwoReapersOneWins() {
        Call call = reap(running());
        assertThat(code(run(call))).isEqualTo("done");
        eavesdropper.soFar();
        assertRefused(call, "CONFLICT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ACL SETUSER reaper -publish",
                "ACL SETUSER reaper -xadd",
                "ACL SETUSER reaper -hset",
                "ACL SETUSER reaper resetchannels",
                "ACL SETUSER reaper resetkeys ~stroke:* ~liveness:* ~node:* ~stream:*"
            })
    void aReaperThatIsRefusedLeavesNoTrace(String rights) {
        Call ending = reap(running());
        hog.updateNodeHealth(Samples.health("hog").build());
        NodeLiveness known = liveness();
        redis.admin(rights);
        assertRefused(ending, "NOPERM");
        assertRefused(turn(Proof.SAID, known), "NOPERM");
    }

    private NodeLiveness liveness() {
        return connections.run(
                "testing",
                RedisConnections.Safety.READ,
                connection -> NodeLiveness.decode(connection.executeCommand(RedisConnections.commands()
                        .hmget(new Namespace("").key(Keys.liveness("hog")), NodeLiveness.fields()))));
    }

    private static Call turn(Proof proof, NodeLiveness known) {
        Condition to = proof == Proof.GONE ? Condition.SILENT : Condition.OFFLINE;
        return LivenessTurn.to(to, proof, "hog", known).call(new Namespace(""), WireTime.now(), 0);
    }

    @Test
    void aNodeThatGivesASignOfLifeWins() {
        hog.updateNodeHealth(Samples.health("hog").build());
        String longAgo = Long.toString(System.currentTimeMillis() - 3_600_000);
        jedis.hset("liveness:hog", "seen", longAgo);
        Call offline = turn(Proof.MISSED, liveness());
        hog.updateNodeHealth(Samples.health("hog").build());
        assertRefused(offline, "CONFLICT");
        assertRefused(turn(Proof.MISSED, liveness()), "CONFLICT");
        assertRefused(turn(Proof.GONE, liveness()), "CONFLICT");

        jedis.hset("liveness:hog", "seen", longAgo);
        offline = turn(Proof.MISSED, liveness());
        // A heartbeat in between that is old by now, too: the event would tell of the one before.
        jedis.hincrBy("liveness:hog", "seen", 1);
        assertRefused(offline, "CONFLICT");
        offline = turn(Proof.MISSED, liveness());
        assertThat(code(run(offline))).isEqualTo("done");
        eavesdropper.soFar();
        assertRefused(offline, "CONFLICT");
    }

    @Test
    void aProcessThatIsNotTheLastDoesNotTakeLeave() {
        hog.updateNodeHealth(Samples.health("hog").build());
        Call leaving = turn(Proof.SAID, liveness());
        jedis.hset("liveness:hog", "instance", "another");
        assertRefused(leaving, "CONFLICT");
        assertThat(hog.leave("hog")).isFalse();
    }

    private void assertRefused(Call call, String code) {
        eavesdropper.soFar();
        Snapshot before = Snapshot.of(redis);
        assertThat(code(run(call))).isEqualTo(code);
        assertThat(eavesdropper.soFar()).isEmpty();
        before.assertUntouched(redis);
    }
}
