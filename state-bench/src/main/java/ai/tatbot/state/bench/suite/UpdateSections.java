package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.AsyncFace;
import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Ceiling;
import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Pipelined;
import ai.tatbot.state.bench.peers.Predecessor;
import ai.tatbot.state.bench.peers.Publisher;
import ai.tatbot.state.bench.peers.RedisCommand;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.report.Figures;
import ai.tatbot.state.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.CommandObject;

/** Updates of stroke sessions: one caller, sixteen, many under way, and what Redis itself spends on each. */
final class UpdateSections {
    private static final String OURS = "StrokeSession.update";
    private static final String SET = "bare Jedis, SET";
    private static final String SAME = "bare Jedis, same command";
    private static final String SCRIPT = "bare Jedis, " + ServerTimes.BARE;
    private static final String LETTUCE = "bare Lettuce, same command";
    private static final String CEILING = "redis-benchmark -c 8 -P 16, same command";
    private static final String NATS = "NATS KV (memory), put";
    private static final String NATS_ASYNC = "NATS KV (memory), async put";
    private static final int CALLERS = 16;

    private UpdateSections() {}

    static void one(Run run) throws Exception {
        Peers peers = run.peers();
        byte[] document = peers.document();
        byte[] key = Example.bytes("one");
        List<Contestant> all = new ArrayList<>();
        all.add(Callers.one(OURS, peers.session()));
        all.add(Callers.one(SET, Bare.set(peers.bare(), "one", document)));
        all.add(Callers.one(SAME, Bare.shipped(peers.redis(), peers.state(), peers.bare())));
        all.add(Callers.one(SCRIPT, bareScript(peers)));
        all.add(lettuce(peers));
        all.add(Callers.one("Redisson RMap.fastPut", peers.redisson().put(key, document)));
        all.add(Callers.one("Redisson RLocalCachedMap.fastPut", peers.redisson().putNear(key, document)));
        peers.add(all, NATS, () -> Callers.one(NATS, peers.nats().put("one", document)));
        peers.add(all, "Python predecessor", () -> new Predecessor(peers.redis()));
        Standings standings = run.contest(all);
        run.latencies(
                "One update, one caller",
                standings,
                "Only what checks a fence, raises a revision and publishes does the same"
                        + " work: `SET`, `fastPut` and `put` do less. NATS KV gives its values revisions, and tells watchers.");
        double ratio = standings.ratio(OURS, SET, Sample::p50);
        double more = standings.difference(OURS, SET, Sample::p50);
        run.results()
                .add(Goal.of(
                        "one caller, atomic update, p50",
                        "<= 1.25 x bare `SET`, or at most 20 us more",
                        Figures.micros(standings.median(OURS, Sample::p50)),
                        "`SET` " + Figures.micros(standings.median(SET, Sample::p50)),
                        String.format(Locale.ROOT, "%.2f, %+.1f us", ratio, more),
                        ratio <= 1.25 || more <= 20,
                        run.command()));
        double p99 = standings.median(OURS, Sample::p99);
        double tail = standings.ratio(OURS, SET, Sample::p99);
        run.results()
                .add(Goal.of(
                        "one caller, p99",
                        "< 1 ms, and <= 1.5 x bare `SET`'s",
                        Figures.micros(p99),
                        "`SET` " + Figures.micros(standings.median(SET, Sample::p99)),
                        Figures.ratio(tail),
                        p99 < 1_000 && tail <= 1.5,
                        run.command()));
        double bytes = standings.median(OURS, Sample::bytes);
        run.results()
                .add(Goal.of(
                        "allocation per blocking update",
                        "<= 2 KB",
                        Figures.bytes(bytes),
                        "`SET` " + Figures.bytes(standings.median(SET, Sample::bytes)),
                        "",
                        bytes <= 2_048,
                        run.command()));
    }

    /** What no update with a fence, a revision, an event and a history can be cheaper than. */
    private static Caller bareScript(Peers peers) {
        Session session = peers.session();
        session.call();
        CommandObject<Object> command =
                BareScript.command(peers.bare(), session).forJedis();
        return new Caller() {
            @Override
            public void call() {
                Object unused = peers.bare().executeCommand(command);
                session.count(1);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private static Contestant lettuce(Peers peers) throws Exception {
        Session session = peers.session();
        RedisCommand command = Bare.capture(peers.redis(), session);
        return Callers.one(LETTUCE, new Caller() {
            @Override
            public void call() throws Exception {
                Object unused = peers.lettuce().call(command);
                session.count(1);
            }

            @Override
            public void close() {
                session.close();
            }
        });
    }

    static void callers(Run run) throws Exception {
        Peers peers = run.peers();
        byte[] document = peers.document();
        List<Contestant> all = new ArrayList<>();
        all.add(Callers.of(OURS, CALLERS, peers::session));
        all.add(Callers.of(SAME, CALLERS, () -> Bare.shipped(peers.redis(), peers.state(), peers.bare())));
        all.add(Callers.of(SET, CALLERS, () -> Bare.set(peers.bare(), "callers", document)));
        all.add(Callers.of(
                "Redisson RMap.fastPut", CALLERS, () -> peers.redisson().put(Example.bytes("callers"), document)));
        peers.add(all, NATS, () -> Callers.of(NATS, CALLERS, () -> peers.nats().put("callers", document)));
        Standings standings = run.contest(all);
        run.latencies(
                "One update, sixteen callers",
                standings,
                "Each caller has a session of its own; all share one client.");
        double ratio = standings.ratio(OURS, SAME, Sample::perSecond);
        run.results()
                .add(Goal.of(
                        "16 callers, blocking",
                        ">= 0.95 x bare Jedis, same command",
                        Figures.perSecond(standings.median(OURS, Sample::perSecond)),
                        Figures.perSecond(standings.median(SAME, Sample::perSecond)),
                        Figures.ratio(ratio),
                        ratio >= 0.95,
                        run.command()));
    }

    static void pipelined(Run run) throws Exception {
        Peers peers = run.peers();
        byte[] document = peers.document();
        List<Contestant> all = new ArrayList<>();
        Publisher publisher = new Publisher(peers.state(), peers.bare());
        all.add(publisher);
        Contestant async = AsyncFace.updates(peers.redis(), peers.bare());
        all.add(async);
        Session session = peers.session();
        RedisCommand command = Bare.capture(peers.redis(), session);
        all.add(new Pipelined(
                LETTUCE,
                () -> {
                    session.count(1);
                    return peers.lettuce().start(command);
                },
                session));
        Session measured = peers.session();
        RedisCommand same = Bare.capture(peers.redis(), measured);
        peers.add(all, CEILING, () -> new Ceiling(peers.redis(), measured, same));
        peers.add(all, NATS_ASYNC, () -> peers.nats().putAsync(NATS_ASYNC, "pipelined", document));
        Standings standings = run.contest(all);
        run.throughputs(
                "Updates, many under way",
                standings,
                "At most " + Pipelined.IN_FLIGHT
                        + " under way; the publisher's queue holds one of each session, none of which is conflated. Each is stored, with its"
                        + " own revision and event; the sum of the revisions is checked.");
        for (String one : List.of(publisher.name(), async.name())) {
            against(run, standings, one, CEILING, 0.8, ">= 0.8 x `redis-benchmark`, same command", false);
            against(run, standings, one, NATS_ASYNC, 1, "> 1 x NATS KV async put (stretch)", true);
        }
    }

    private static void against(
            Run run,
            Standings standings,
            String ours,
            String yardstick,
            double least,
            String promise,
            boolean stretch) {
        if (!standings.has(yardstick)) {
            run.results()
                    .add(Goal.notMeasured(ours + ", updates/s", promise, yardstick + " is missing", run.command()));
            return;
        }
        double ratio = standings.ratio(ours, yardstick, Sample::perSecond);
        Goal goal = Goal.of(
                ours + ", updates/s",
                promise,
                Figures.perSecond(standings.median(ours, Sample::perSecond)),
                Figures.perSecond(standings.median(yardstick, Sample::perSecond)),
                Figures.ratio(ratio),
                ratio >= least,
                run.command());
        run.results().add(stretch ? goal.asStretch() : goal);
    }

    static void server(Run run) throws Exception {
        Standings standings = run.contest(ServerTimes.contestants(run.peers()));
        run.nanos(
                "Redis' own time for an update",
                standings,
                "By `INFO commandstats`, which counts what a script calls within the" + " script; pipelined.");
        double ratio = standings.ratio(ServerTimes.OURS, ServerTimes.BARE, Sample::nanos);
        run.results()
                .add(Goal.of(
                        "Redis CPU per update",
                        "<= 1.5 x its bare commands, fence checked",
                        Figures.micros(standings.median(ServerTimes.OURS, Sample::nanos) / 1e3),
                        Figures.micros(standings.median(ServerTimes.BARE, Sample::nanos) / 1e3),
                        Figures.ratio(ratio),
                        ratio <= 1.5,
                        run.command()));
    }
}
