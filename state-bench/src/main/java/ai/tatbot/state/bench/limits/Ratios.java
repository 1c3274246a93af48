package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.AsyncFace;
import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Ceiling;
import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Publisher;
import ai.tatbot.state.bench.peers.Reads;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.peers.Watchers;
import ai.tatbot.state.bench.suite.Contest;
import ai.tatbot.state.bench.suite.ServerTimes;
import ai.tatbot.state.bench.suite.Standings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What depends on the machine, and is therefore only compared: medians of interleaved rounds, beside a yardstick. */
final class Ratios {
    private static final int CALLERS = 16;

    private final Peers peers;
    private final Map<Measure, Double> values;
    private final Consumer<String> told;

    /** @param told what comes next, and what this machine has not */
    Ratios(Peers peers, Map<Measure, Double> values, Consumer<String> told) {
        this.peers = peers;
        this.values = values;
        this.told = told;
    }

    void run() throws Exception {
        told.accept("Gate: " + Measure.SERVER_TIME.text() + " ...");
        Standings server = contest(2, 11, 150).run(ServerTimes.contestants(peers));
        values.put(Measure.SERVER_TIME, server.ratio(ServerTimes.OURS, ServerTimes.BARE, Sample::nanos));
        byte[] document = peers.document();
        put(
                Measure.UPDATE_LATENCY,
                contest(2, 9, 300),
                Callers.one("ours", peers.session()),
                Callers.one("bare", Bare.shipped(peers.redis(), peers.state(), peers.bare())));
        peers.state().updateRobotState(Example.robot("hog", 1));
        put(
                Measure.READ_LATENCY,
                contest(2, 9, 300),
                Callers.one("ours", Reads.robot(peers.state(), "hog")),
                Callers.one("bare", Bare.hmget(peers.bare(), "robot:state:hog", "state")));
        put(
                Measure.WATCH_LATENCY,
                contest(1, 5, 500),
                Watchers.ours("ours", peers.redis()),
                Watchers.bare("bare", peers.redis(), document.length));
        put(
                Measure.CALLERS_THROUGHPUT,
                contest(2, 9, 300),
                Callers.of("ours", CALLERS, peers::session),
                Callers.of("bare", CALLERS, () -> Bare.shipped(peers.redis(), peers.state(), peers.bare())));
        pipelined();
    }

    private void pipelined() throws Exception {
        Session session = peers.session();
        Contestant ceiling;
        try {
            ceiling = new Ceiling(peers.redis(), session, Bare.capture(peers.redis(), session));
        } catch (IOException e) {
            told.accept("Not measured: updates, many under way: " + e.getMessage());
            session.close();
            return;
        }
        told.accept("Gate: " + Measure.PUBLISHER_THROUGHPUT.text() + " ...");
        Contestant publisher = new Publisher(peers.state(), peers.bare());
        Contestant async = AsyncFace.updates(peers.redis(), peers.bare());
        Standings standings = contest(2, 7, 400).run(List.of(publisher, async, ceiling));
        values.put(Measure.PUBLISHER_THROUGHPUT, standings.ratio(publisher.name(), ceiling.name(), Sample::perSecond));
        values.put(Measure.ASYNC_THROUGHPUT, standings.ratio(async.name(), ceiling.name(), Sample::perSecond));
    }

    private void put(Measure measure, Contest contest, Contestant ours, Contestant yardstick) throws Exception {
        told.accept("Gate: " + measure.text() + " ...");
        Standings standings = contest.run(List.of(ours, yardstick));
        values.put(
                measure,
                standings.ratio(
                        ours.name(),
                        yardstick.name(),
                        measure.rule() == Rule.THROUGHPUT ? Sample::perSecond : Sample::p50));
    }

    private static Contest contest(int warmUps, int rounds, int slotMillis) {
        return new Contest(warmUps, rounds, Duration.ofMillis(slotMillis), (name, round, all) -> {});
    }
}
