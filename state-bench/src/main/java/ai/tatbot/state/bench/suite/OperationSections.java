package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.report.Figures;
import ai.tatbot.state.bench.report.Goal;
import ai.tatbot.state.bench.report.Table;
import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;

/** Every other operation of the public API, each beside the bare command that is nearest to it. */
final class OperationSections {
    private static final String OURS = "ours";
    private static final String BARE = "bare";

    private OperationSections() {}

    static void operations(Run run) throws Exception {
        Peers peers = run.peers();
        StateManager state = peers.state();
        RedisClient bare = peers.bare();
        RobotState robot = Example.robot("hog", 1);
        NodeHealth health = NodeHealth.builder().nodeId("hog").cpuPercent(12.5).build();
        CustomEvent event =
                CustomEvent.builder().type("bench").data(Map.of("n", 1)).build();
        byte[] message = StateJson.write(event);
        List<List<String>> rows = new ArrayList<>();
        try (Session session = peers.session()) {
            for (int i = 0; i < 50; i++) {
                session.call();
            }
            String id = session.session().id();
            String history = Keys.strokeHistory(id).name();
            rows.add(row(
                    run,
                    "updateRobotState",
                    () -> state.updateRobotState(robot),
                    "SET",
                    set(bare, StateJson.write(robot))));
            rows.add(row(
                    run,
                    "updateNodeHealth",
                    () -> state.updateNodeHealth(health),
                    "SET",
                    set(bare, StateJson.write(health))));
            rows.add(row(
                    run,
                    "strokeProgress",
                    () -> use(state.strokeProgress(id)),
                    "HMGET",
                    Bare.hmget(bare, session.key(), "progress")));
            rows.add(row(
                    run,
                    "nodeHealth",
                    () -> use(state.nodeHealth("hog")),
                    "HMGET",
                    Bare.hmget(bare, Keys.nodeHealth("hog").name(), "health")));
            rows.add(row(
                    run,
                    "strokeHistory, 20 entries",
                    () -> use(state.strokeHistory(id, 20)),
                    "XREVRANGE",
                    () -> use(bare.xrevrange(history, (StreamEntryID) null, null, 20))));
            rows.add(row(
                    run,
                    "currentSession",
                    () -> use(state.currentSession()),
                    "SMEMBERS",
                    () -> use(bare.smembers(Keys.indexSessions().name()))));
            rows.add(row(
                    run,
                    "systemStatus, 1 node",
                    () -> use(state.systemStatus()),
                    "SMEMBERS",
                    () -> use(bare.smembers(Keys.indexNodes().name()))));
            rows.add(row(
                    run,
                    "publishEvent (transition, logged)",
                    () -> use(state.publishEvent(Channels.SYSTEM_EVENTS, event)),
                    "PUBLISH",
                    Bare.publish(bare, "bare:events", message)));
            rows.add(row(
                    run,
                    "reportError",
                    () -> use(state.reportError("robot", "bench", Map.of())),
                    "PUBLISH",
                    Bare.publish(bare, "bare:events", message)));
            rows.add(row(
                    run,
                    "startStrokeSession and end",
                    () -> startAndEnd(state),
                    "SET, twice",
                    twice(set(bare, message))));
            rows.add(row(run, "ping", state::ping, "PING", () -> use(bare.ping())));
        }
        run.results()
                .add(new Table(
                        "Every other operation, one caller",
                        run.command(),
                        List.of("operation", "p50", "p99", "allocated", "beside bare Jedis", "p50", "ratio"),
                        rows,
                        "The bare command is the nearest there is, and does less."));
    }

    private static List<String> row(Run run, String name, Caller ours, String bareName, Caller bare) throws Exception {
        Standings standings = run.contest(
                List.of(Callers.one(OURS, ours), Callers.one(BARE, bare)),
                run.form().slot().dividedBy(4));
        run.keep(name + ", p50 us", standings, Sample::p50);
        return List.of(
                name,
                Figures.micros(standings.median(OURS, Sample::p50)),
                Figures.micros(standings.median(OURS, Sample::p99)),
                Figures.bytes(standings.median(OURS, Sample::bytes)),
                bareName,
                Figures.micros(standings.median(BARE, Sample::p50)),
                Figures.ratio(standings.ratio(OURS, BARE, Sample::p50)));
    }

    private static Caller set(RedisClient bare, byte[] document) {
        return Bare.set(bare, "operations", document);
    }

    private static Caller twice(Caller caller) {
        return () -> {
            caller.call();
            caller.call();
        };
    }

    private static void startAndEnd(StateManager state) {
        StrokeSession session = state.startStrokeSession(Example.session());
        session.end();
    }

    /** A result that nobody needs. */
    private static void use(Object result) {
        if (result instanceof SystemStatus status && status.redis().kind().isEmpty()) {
            throw new IllegalStateException("nobody has answered");
        }
    }

    static void offers(Run run) throws Exception {
        StatePublisher publisher = run.peers().state().publisher();
        RobotState robot = Example.robot("ook", 1);
        String offer = "PublishedSession.offer";
        String offerRobot = "StatePublisher.offer of a robot's state";
        Standings standings;
        try (PublishedSession session = publisher.startStrokeSession(Example.session())) {
            standings = run.contest(
                    List.of(
                            new Batch(offer, 500, calls -> {
                                long taken = 0;
                                for (int i = 0; i < calls; i++) {
                                    taken += session.offer(i / Example.POSES, i % Example.POSES) ? 1 : 0;
                                }
                                return taken;
                            }),
                            new Batch(offerRobot, 500, calls -> {
                                long taken = 0;
                                for (int i = 0; i < calls; i++) {
                                    taken += publisher.offer(robot) ? 1 : 0;
                                }
                                return taken;
                            })),
                    run.form().slot().dividedBy(2));
            session.end();
        }
        if (!publisher.flush(Duration.ofSeconds(10))) {
            throw new IllegalStateException(
                    "the publisher has not stored everything within 10 s: " + publisher.stats());
        }
        run.nanos(
                "One offer, as fast as a loop can",
                standings,
                "Most of these are conflated; `ops/bench offer` offers as a control" + " loop does, through outages.");
        double most = Math.max(standings.median(offer, Sample::bytes), standings.median(offerRobot, Sample::bytes));
        run.results()
                .add(Goal.of(
                        "allocation per publisher `offer`",
                        "<= 200 B",
                        Figures.bytes(most),
                        "",
                        "",
                        most <= 200,
                        run.command()));
    }

    static void codec(Run run) throws Exception {
        StrokeProgress progress = Example.session()
                .nodeId("hog")
                .timestamp(WireTime.now())
                .strokeIdx(17)
                .poseIdx(54)
                .isExecuting(true)
                .build();
        byte[] json = StateJson.write(progress);
        Standings standings = run.contest(
                List.of(
                        Codec.batch(Codec.ENCODE, Codec.encode(progress)),
                        Codec.batch(Codec.ENCODE_BY_HAND, Codec.encodeByHand(progress)),
                        Codec.batch(Codec.DECODE, Codec.decode(json)),
                        Codec.batch(Codec.DECODE_BY_HAND, Codec.decodeByHand(json))),
                run.form().slot().dividedBy(4));
        run.nanos(
                "The codec, one document of " + json.length + " bytes",
                standings,
                "By hand: Jackson's streams alone, unchecked, the"
                        + " time not formatted. In forks: `ops/bench jmh CodecBenchmark -prof gc`.");
    }
}
