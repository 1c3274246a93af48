package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Crowd;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.report.Curve;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** How cost grows. */
final class CurveSections {
    private static final String OURS = "tatbot state";

    private CurveSections() {}

    static void nodes(Run run) throws Exception {
        run.peers().bare().flushDB();
        Points points = new Points(run, "nodes", "Status of the fleet", "nodes", "p50, us", Sample::p50);
        StateManager state = run.peers().state();
        RedisClient bare = run.peers().bare();
        int there = 0;
        for (int nodes : new int[] {1, 10, 100, 1_000, 10_000}) {
            FactSections.nodes(run, there, nodes);
            there = nodes;
            points.add(
                    nodes,
                    Callers.one(OURS + ", systemStatus", () -> use(state.systemStatus())),
                    Callers.one("bare Jedis, pipeline of HMGET", () -> pipeline(bare)));
        }
        points.finish();
        bare.flushDB();
    }

    private static void pipeline(RedisClient bare) {
        List<Response<List<String>>> answers = new ArrayList<>();
        try (AbstractPipeline pipeline = bare.pipelined()) {
            for (String node : bare.smembers(Keys.indexNodes().name())) {
                answers.add(pipeline.hmget(Keys.nodeHealth(node).name(), "health", "rev", "last_updated"));
            }
            pipeline.sync();
        }
        use(answers);
    }

    private static void use(Object result) {
        if (Optional.of(result).isEmpty()) {
            throw new IllegalStateException("nobody has answered");
        }
    }

    static void watchers(Run run) throws Exception {
        Points points = new Points(
                run,
                "watchers",
                "From an update until the last of many watchers was told",
                "watchers",
                "p50, us",
                Sample::p50);
        for (int watchers : new int[] {1, 10, 100, 1_000}) {
            points.add(
                    watchers,
                    Crowd.listeners(
                            OURS + ", listeners of one watch", run.peers().redis(), watchers),
                    Crowd.subscribers("bare Jedis, subscribers", run.peers().redis(), watchers));
        }
        points.finish();
    }

    static void documents(Run run) throws Exception {
        Points points = new Points(
                run, "documents", "One update, by the size of its document", "bytes", "p50, us", Sample::p50);
        Peers peers = run.peers();
        // The schema lets a description have 1,024 characters; of three bytes each that is the largest document there
        // can be.
        for (String text : List.of("", "x".repeat(300), "x".repeat(1_024), "\u4e2d".repeat(1_024))) {
            StrokeSession session = peers.state()
                    .startStrokeSession(
                            Example.session().strokeDescriptionL(text).strokeDescriptionR(text));
            session.update(1, 1);
            byte[] document = peers.bare().hget(Example.key(session), Example.field());
            int[] pose = {0};
            points.add(
                    document.length,
                    Callers.one(OURS + ", update", () -> session.update(1, pose[0]++)),
                    Callers.one("bare Jedis, SET", Bare.set(peers.bare(), "documents", document)));
            session.end();
        }
        points.finish();
    }

    static void events(Run run) throws Exception {
        Points points = new Points(
                run, "events", "One event, logged and published, by its size", "bytes", "p50, us", Sample::p50);
        Peers peers = run.peers();
        for (int size : new int[] {100, 1_000, 10_000, 65_536}) {
            CustomEvent event = CustomEvent.builder()
                    .type("bench")
                    .data(Map.of("text", "x".repeat(size - 80)))
                    .build();
            byte[] message = StateJson.write(event);
            points.add(
                    size,
                    Callers.one(OURS + ", publishEvent", new LoggedEvents(peers, event, size)),
                    Callers.one("bare Jedis, PUBLISH", Bare.publish(peers.bare(), "bare:events", message)));
            peers.bare().del(Keys.eventsLog().name());
        }
        points.finish();
    }

    /** Large events, of which the log would take more memory than Redis has here: now and then it begins anew. */
    private static final class LoggedEvents implements Caller {
        private static final int MOST_BYTES = 32 << 20;

        private final Peers peers;
        private final CustomEvent event;
        private final int most;
        private int logged;

        LoggedEvents(Peers peers, CustomEvent event, int size) {
            this.peers = peers;
            this.event = event;
            this.most = MOST_BYTES / size;
        }

        @Override
        public void call() {
            use(peers.state().publishEvent(Channels.SYSTEM_EVENTS, event));
            if (++logged % most == 0) {
                peers.bare().del(Keys.eventsLog().name());
            }
        }
    }

    static void callers(Run run) throws Exception {
        Points points = new Points(
                run, "callers", "Updates a second, by callers", "callers", "updates a second", Sample::perSecond);
        Peers peers = run.peers();
        for (int callers : new int[] {1, 2, 4, 8, 16, 32, 64}) {
            points.add(
                    callers,
                    Callers.of(OURS + ", update", callers, peers::session),
                    Callers.of(
                            "bare Jedis, same command",
                            callers,
                            () -> Bare.shipped(peers.redis(), peers.state(), peers.bare())));
        }
        points.finish();
    }

    /** A curve as it grows. */
    private static final class Points {
        private final Run run;
        private final String id;
        private final String title;
        private final String xTitle;
        private final String yTitle;
        private final ToDoubleFunction<Sample> figure;
        private final List<Double> x = new ArrayList<>();
        private final Map<String, List<Double>> lines = new LinkedHashMap<>();

        Points(Run run, String id, String title, String xTitle, String yTitle, ToDoubleFunction<Sample> figure) {
            this.run = run;
            this.id = id;
            this.title = title;
            this.xTitle = xTitle;
            this.yTitle = yTitle;
            this.figure = figure;
        }

        void add(double at, ai.tatbot.state.bench.peers.Contestant ours, ai.tatbot.state.bench.peers.Contestant bare)
                throws Exception {
            Duration slot = run.form().slot().dividedBy(2);
            Standings standings = run.contest(List.of(ours, bare), slot);
            x.add(at);
            for (String name : standings.names()) {
                lines.computeIfAbsent(name, unused -> new ArrayList<>()).add(standings.median(name, figure));
            }
        }

        void finish() {
            run.results().add(new Curve(id, title, xTitle, yTitle, x, lines, run.command()));
        }
    }
}
