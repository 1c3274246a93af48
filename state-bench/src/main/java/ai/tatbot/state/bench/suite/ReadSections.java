package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Reads;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.peers.Watchers;
import ai.tatbot.state.bench.report.Figures;
import ai.tatbot.state.bench.report.Goal;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads: through the mirror, over the network, and by being told. */
final class ReadSections {
    private static final String ROBOT = "hog";

    private ReadSections() {}

    static void mirror(Run run) throws Exception {
        Peers peers = run.peers();
        peers.state().updateRobotState(Example.robot(ROBOT, 1));
        String ours = "StateMirror.robotState";
        String near = "Redisson RLocalCachedMap.get";
        Standings standings;
        try (StateMirror mirror = peers.state().mirror()) {
            if (!mirror.awaitLive(Duration.ofSeconds(10))) {
                throw new IllegalStateException("the mirror is not live: " + mirror.status());
            }
            List<Contestant> both = List.of(
                    new Batch(ours, 20_000, calls -> {
                        double sum = 0;
                        for (int i = 0; i < calls; i++) {
                            sum += mirror.robotState(ROBOT)
                                    .orElseThrow()
                                    .value()
                                    .goalTimeSlow();
                        }
                        return (long) sum;
                    }),
                    new Batch(
                            near,
                            500,
                            peers.redisson().getNear(Example.bytes(ROBOT), StateJson.write(Example.robot(ROBOT, 1)))));
            standings = run.contest(both, run.form().slot().dividedBy(2));
        }
        run.nanos(
                "One read of a robot's state in this process",
                standings,
                "The near cache gives the bytes, the mirror the object."
                        + " `ops/bench mirror` measures it in forks, and while 10,000 updates a second arrive.");
        double nanos = standings.median(ours, Sample::nanos);
        double bytes = standings.least(ours, Sample::bytes);
        double times = 1 / standings.ratio(ours, near, Sample::nanos);
        run.results()
                .add(Goal.of(
                        "read through the mirror",
                        "<= 50 ns, 0 B; >= 20 x Redisson's near cache",
                        Figures.nanos(nanos) + ", " + Figures.bytes(bytes),
                        Figures.nanos(standings.median(near, Sample::nanos)),
                        Figures.ratio(times),
                        nanos <= 50 && bytes < 1 && times >= 20,
                        run.command()));
    }

    static void network(Run run) throws Exception {
        Peers peers = run.peers();
        peers.state().updateRobotState(Example.robot(ROBOT, 1));
        String key = Keys.robotState(ROBOT).name();
        byte[] document = StateJson.write(Example.robot(ROBOT, 1));
        String ours = "StateManager.robotState";
        String hmget = "bare Jedis, HMGET";
        List<Contestant> all = new ArrayList<>();
        all.add(Callers.one(ours, Reads.robot(peers.state(), ROBOT)));
        all.add(Callers.one(hmget, Bare.hmget(peers.bare(), key, "state")));
        all.add(Callers.one("Redisson RMap.get", peers.redisson().get(Example.bytes("read"), document)));
        peers.add(
                all,
                "NATS KV",
                () -> Callers.one("NATS KV (memory), get", peers.nats().get("read", document)));
        Standings standings = run.contest(all);
        run.latencies(
                "One read of a robot's state over the network",
                standings,
                "Ours is decoded and checked against the schema; the" + " others leave the bytes as they are.");
        double ratio = standings.ratio(ours, hmget, Sample::p50);
        run.results()
                .add(Goal.of(
                        "`robotState(id)` over the network, p50",
                        "<= 1.15 x bare `HMGET`",
                        Figures.micros(standings.median(ours, Sample::p50)),
                        "`HMGET` " + Figures.micros(standings.median(hmget, Sample::p50)),
                        Figures.ratio(ratio),
                        ratio <= 1.15,
                        run.command()));
    }

    static void watch(Run run) throws Exception {
        Peers peers = run.peers();
        int size = peers.document().length;
        String ours = "update to WatchListener.onChange";
        String bare = "bare Jedis, PUBLISH to SUBSCRIBE";
        String script = "bare Jedis, bare commands of an update, to SUBSCRIBE";
        List<Contestant> all = new ArrayList<>();
        all.add(Watchers.ours(ours, peers.redis()));
        all.add(Watchers.bare(bare, peers.redis(), size));
        Session session = peers.session();
        session.call();
        String channel = "bare:script";
        all.add(Watchers.bare(
                script,
                peers.redis(),
                channel,
                BareScript.command(peers.bare(), session, channel),
                session.revision()));
        all.add(Watchers.subscription("update to the listener of a subscription", peers.redis()));
        peers.add(all, "NATS KV", () -> Watchers.nats("NATS KV (memory), put to watcher", peers.nats(), size));
        Standings standings = run.contest(
                all, run.form().isFull() ? Duration.ofSeconds(1) : run.form().slot());
        run.latencies(
                "From a write to the one who waits for it, 1,000 a second",
                standings,
                "From before the call that writes, to" + " the callback; what is bare tells bytes, ours an object.");
        double ratio = standings.ratio(ours, bare, Sample::p50);
        double p99 = standings.median(ours, Sample::p99);
        run.results()
                .add(Goal.of(
                        "update to watcher's callback, 1,000/s",
                        "p50 <= 1.2 x bare publish to subscribe; p99 < 1 ms",
                        Figures.micros(standings.median(ours, Sample::p50)) + ", p99 " + Figures.micros(p99),
                        Figures.micros(standings.median(bare, Sample::p50)),
                        Figures.ratio(ratio),
                        ratio <= 1.2 && p99 < 1_000,
                        run.command()));
    }
}
