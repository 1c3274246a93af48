package ai.tatbot.state.bench.limits;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.suite.CommandStats;
import ai.tatbot.state.model.Channels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Connection;

/** The faults that are put around what is measured are what they are called; {@code ops/bench --gate --prove} shows the rest. */
class FaultIT {
    private static final int UPDATES = 200;
    private static BenchRedis redis;

    @BeforeAll
    static void start() {
        redis = BenchRedis.shared();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void oneCommandMore() throws Exception {
        assertThat(commands(Fault.COMMAND)).isEqualTo(commands(Fault.NONE) + UPDATES);
    }

    @Test
    void oneEventLess() throws Exception {
        assertThat(events(Fault.NONE)).isEqualTo(UPDATES);
        assertThat(events(Fault.EVENT)).isEqualTo(UPDATES - 1);
    }

    private static long commands(Fault fault) throws Exception {
        try (Peers peers = new Peers(redis);
                Session session = peers.session();
                Connection counting = redis.connection()) {
            session.call();
            session.call();
            Caller updates = fault.updates(session, peers.bare());
            CommandStats before = CommandStats.read(counting);
            for (int i = 0; i < UPDATES; i++) {
                updates.call();
            }
            return CommandStats.read(counting).since(before).calls();
        }
    }

    private static long events(Fault fault) throws Exception {
        try (Peers peers = new Peers(redis);
                Session session = peers.session();
                Events events = Events.of(redis, Channels.STROKE_PROGRESS.name())) {
            Caller updates = fault.updates(session, peers.bare());
            for (int i = 0; i < UPDATES; i++) {
                updates.call();
            }
            return events.awaitThose(UPDATES);
        }
    }
}
