package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.RoundTrips;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.report.Figures;
import ai.tatbot.state.bench.report.Goal;
import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.NodeHealth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** Sizes and counts: the status of many nodes, Redis' memory, the class path. */
final class FactSections {
    private static final Pattern MEMORY = Pattern.compile("used_memory:(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MANY = 10_000;
    /** What the client says it takes at most, whatever the number of nodes. */
    private static final int ROUND_TRIPS = 3;

    private FactSections() {}

    static void status(Run run) throws Exception {
        run.peers().bare().flushDB();
        int few = 10;
        nodes(run, 0, few);
        int ofFew = roundTrips(run, few);
        nodes(run, few, MANY);
        int ofMany = roundTrips(run, MANY);
        StateManager state = run.peers().state();
        String ours = "systemStatus";
        Standings standings = run.contest(List.of(Callers.one(ours, () -> {
            if (state.systemStatus().nodes().size() < MANY) {
                throw new IllegalStateException("nodes are missing");
            }
        })));
        double p50 = standings.median(ours, Sample::p50);
        run.keep("systemStatus of 10,000 nodes, p50 us", standings, Sample::p50);
        run.results()
                .add(Goal.of(
                        "`status` of 10,000 indexed nodes",
                        "<= 50 ms, 3 round trips at most",
                        Figures.micros(p50) + ", " + ofMany + " round trips",
                        ofFew + " round trips of " + few + " nodes",
                        "",
                        p50 <= 50_000 && ofMany <= ROUND_TRIPS,
                        run.command()));
        run.peers().bare().flushDB();
    }

    static void nodes(Run run, int from, int to) {
        StateManager state = run.peers().state();
        for (int i = from; i < to; i++) {
            run.watching().next("node " + i, i, to);
            state.updateNodeHealth(NodeHealth.builder()
                    .nodeId("node-" + i)
                    .cpuPercent(12.5)
                    .memoryPercent(40.0)
                    .build());
        }
    }

    private static int roundTrips(Run run, int nodes) throws Exception {
        try (RoundTrips path = new RoundTrips(run.peers().redis().port());
                StateManager state = StateManager.connect(run.peers()
                        .redis()
                        .options()
                        .port(path.port())
                        .timeout(Duration.ofSeconds(10))
                        .build())) {
            return path.least(() -> {
                if (state.systemStatus().nodes().size() < nodes) {
                    throw new IllegalStateException("nodes are missing");
                }
            });
        }
    }

    /** A thousand nodes with robots, fifty sessions with full histories, 950 that have ended, and a full log. */
    static void memory(Run run) throws Exception {
        run.peers().bare().flushDB();
        StateManager state = run.peers().state();
        StatePublisher publisher = state.publisher();
        nodes(run, 0, 1_000);
        for (int i = 0; i < 1_000; i++) {
            state.updateRobotState(Example.robot("node-" + i, i));
        }
        for (int i = 0; i < 950; i++) {
            run.watching().next("ended session " + i, i, 950);
            StrokeSession session = state.startStrokeSession(Example.session());
            session.update(i % Example.STROKES, 1);
            session.end();
        }
        List<PublishedSession> running = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            running.add(publisher.startStrokeSession(Example.session()));
        }
        for (int i = 0; i < 2_200; i++) {
            run.watching().next("history " + i, i, 2_200);
            for (PublishedSession session : running) {
                session.offer(i / Example.POSES, i % Example.POSES);
            }
            flush(publisher);
        }
        for (int i = 0; i < 11_000; i++) {
            publisher.publish(
                    Channels.errorEvents("robot"),
                    ErrorReport.builder()
                            .nodeId("hog")
                            .category("robot")
                            .message("arm l: joint 3 is beyond its limit")
                            .details(Map.of("joint", 3, "position", 1.57))
                            .build());
            if (i % 100 == 0) {
                flush(publisher);
            }
        }
        flush(publisher);
        double bytes = used(run);
        long shortest = Long.MAX_VALUE;
        for (PublishedSession session : running) {
            shortest = Math.min(shortest, run.peers().bare().xlen("stream:stroke_history:" + session.id()));
            session.end();
        }
        flush(publisher);
        long log = run.peers().bare().xlen("events:log");
        run.results()
                .add(Goal.of(
                        "Redis memory: 1,000 nodes, 50 full histories, 950 ended sessions, full `events:log`",
                        "<= 100 MB",
                        Figures.megabytes(bytes),
                        "histories of " + shortest + " at least, a log of " + log,
                        "",
                        bytes <= 100e6 && shortest >= 2_000 && log >= 10_000,
                        run.command()));
        run.peers().bare().flushDB();
    }

    private static void flush(StatePublisher publisher) {
        if (!publisher.flush(PATIENCE)) {
            throw new IllegalStateException("the publisher has not stored everything: " + publisher.stats());
        }
    }

    private static double used(Run run) {
        try (Connection connection = run.peers().redis().connection()) {
            connection.sendCommand(Command.INFO, "memory");
            Matcher matcher = MEMORY.matcher(new String((byte[]) connection.getOne(), StandardCharsets.UTF_8));
            if (!matcher.find()) {
                throw new IllegalStateException("Redis does not tell its memory");
            }
            return Double.parseDouble(matcher.group(1));
        }
    }

    /** From what {@code ops/bench} has written down of Maven's list of the client's dependencies. */
    static void classPath(Run run) throws IOException {
        String promise = "<= 6 MB";
        String figure = "class path of a blocking user without OSHI";
        String file = System.getProperty("bench.classPath", "");
        if (file.isEmpty() || !Files.isReadable(Path.of(file))) {
            run.results().add(Goal.notMeasured(figure, promise, "Maven's list is missing", run.command()));
            return;
        }
        double bytes = 0;
        List<Path> jars = jars(Files.readString(Path.of(file)));
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        run.results()
                .add(Goal.of(
                        figure,
                        promise,
                        Figures.megabytes(bytes),
                        jars.size() + " jars",
                        "",
                        bytes <= 6e6,
                        run.command()));
    }

    /** The jars of {@code dependency:list} that are not optional, and lines that are nothing but a path. */
    static List<Path> jars(String list) {
        List<Path> jars = new ArrayList<>();
        for (String line : list.split("\n", -1)) {
            String entry = line.strip();
            if ((!entry.endsWith(".jar") && !entry.contains(".jar ")) || entry.contains("(optional)")) {
                continue;
            }
            String path = entry.substring(0, entry.indexOf(".jar", entry.indexOf('/')) + ".jar".length());
            jars.add(Path.of(path.substring(path.indexOf('/'))));
        }
        return jars;
    }
}
