package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.AsyncFace;
import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Callers;
import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Publisher;
import ai.tatbot.state.bench.peers.Reads;
import ai.tatbot.state.bench.peers.RoundTrips;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.bench.suite.CommandStats;
import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import java.time.Duration;
import java.util.Map;
import redis.clients.jedis.Connection;

/**
 * What does not depend on how fast a machine is: commands, round trips, events, and bytes allocated.
 *
 * <p>Without the optimizing compiler ({@link ExactProcess}): what that saves by escape analysis and inlining differs from run to run of
 * the same code, by more than a hundred bytes for a document.
 */
final class Exact {
    private static final int COUNTED = 2_000;
    private static final int ROUNDS = 6;
    private static final Duration WARM_UP = Duration.ofMillis(400);
    private static final Duration SLOT = Duration.ofMillis(100);
    private static final int NODES = 300;

    private final Peers peers;
    private final Fault fault;
    private final Map<Measure, Double> values;

    Exact(Peers peers, Fault fault, Map<Measure, Double> values) {
        this.peers = peers;
        this.fault = fault;
        this.values = values;
    }

    void run() throws Exception {
        try (Connection counting = peers.redis().connection()) {
            updates(counting);
            robots(counting);
            publisher(counting);
            async(counting);
        }
        status();
        offers();
        mirror();
    }

    private void updates(Connection counting) throws Exception {
        try (Session session = peers.session();
                Events events = Events.of(peers.redis(), Channels.STROKE_PROGRESS.name())) {
            session.call();
            session.call();
            Caller updates = fault.updates(session, peers.bare());
            CommandStats work = work(counting, updates, COUNTED);
            values.put(Measure.UPDATE_COMMANDS, (double) work.calls() / COUNTED);
            values.put(Measure.UPDATE_ROUND_TRIPS, (double) work.reads() / COUNTED);
            values.put(Measure.UPDATE_EVENTS, (double) events.awaitThose(COUNTED + 2) / (COUNTED + 2));
            values.put(Measure.UPDATE_BYTES, bytes(updates));
        }
    }

    private void robots(Connection counting) throws Exception {
        RobotState[] states = new RobotState[100];
        for (int i = 0; i < states.length; i++) {
            states[i] = Example.robot("hog", i);
        }
        int[] next = {0};
        Caller write = () -> peers.state().updateRobotState(states[next[0]++ % states.length]);
        Caller read = Reads.robot(peers.state(), "hog");
        write.call();
        try (Events events = Events.of(peers.redis(), Channels.ROBOT_EVENTS.name())) {
            CommandStats work = work(counting, write, COUNTED);
            values.put(Measure.ROBOT_COMMANDS, (double) work.calls() / COUNTED);
            values.put(Measure.ROBOT_EVENTS, (double) events.awaitThose(COUNTED) / COUNTED);
        }
        values.put(Measure.ROBOT_BYTES, bytes(write));
        values.put(Measure.READ_COMMANDS, (double) work(counting, read, COUNTED).calls() / COUNTED);
        values.put(Measure.READ_BYTES, bytes(read));
    }

    private void publisher(Connection counting) throws Exception {
        try (Publisher publisher = new Publisher(peers.state(), peers.bare())) {
            pipelined(counting, publisher, Publisher.LOOKS, Measure.PUBLISHER_COMMANDS, Measure.PUBLISHER_EVENTS);
        }
    }

    private void async(Connection counting) throws Exception {
        try (Contestant async = AsyncFace.updates(peers.redis(), peers.bare())) {
            pipelined(counting, async, 0, Measure.ASYNC_COMMANDS, Measure.ASYNC_EVENTS);
        }
    }

    /**
     * The least of some rounds: now and then leases and times to live are renewed, which takes more.
     *
     * @param own commands of each round that belong to no update
     */
    private void pipelined(Connection counting, Contestant contestant, int own, Measure commands, Measure events)
            throws Exception {
        contestant.run(SLOT);
        double leastCommands = Double.MAX_VALUE;
        double leastEvents = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            CommandStats before = CommandStats.read(counting);
            Sample sample = contestant.run(SLOT);
            CommandStats work = CommandStats.read(counting).since(before);
            leastCommands = Math.min(leastCommands, (double) (work.calls() - own) / sample.calls());
            leastEvents = Math.min(leastEvents, (double) work.calls("publish") / sample.calls());
        }
        values.put(commands, leastCommands);
        values.put(events, leastEvents);
    }

    private void status() throws Exception {
        for (int i = 0; i < NODES; i++) {
            peers.state()
                    .updateNodeHealth(NodeHealth.builder()
                            .nodeId("node-" + i)
                            .cpuPercent(12.5)
                            .build());
        }
        try (RoundTrips path = new RoundTrips(peers.redis().port());
                StateManager state = StateManager.connect(
                        peers.redis().options().port(path.port()).build())) {
            values.put(Measure.STATUS_ROUND_TRIPS, (double) path.least(() -> {
                if (state.systemStatus().nodes().size() < NODES) {
                    throw new IllegalStateException("nodes are missing");
                }
            }));
        }
    }

    /** Into a publisher that sends meanwhile; what is conflated costs the caller no less. */
    private void offers() throws Exception {
        StatePublisher publisher = peers.state().publisher();
        RobotState robot = Example.robot("ook", 1);
        try (PublishedSession session = publisher.startStrokeSession(Example.session())) {
            values.put(Measure.OFFER_BYTES, bytes(new Batch("offer", 500, calls -> {
                long taken = 0;
                for (int i = 0; i < calls; i++) {
                    taken += session.offer(i / Example.POSES, i % Example.POSES) ? 1 : 0;
                }
                return taken;
            })));
            values.put(Measure.OFFER_ROBOT_BYTES, bytes(new Batch("offer a robot", 500, calls -> {
                long taken = 0;
                for (int i = 0; i < calls; i++) {
                    taken += publisher.offer(robot) ? 1 : 0;
                }
                return taken;
            })));
            session.end();
        }
    }

    private void mirror() throws Exception {
        try (StateMirror mirror = peers.state().mirror()) {
            if (!mirror.awaitLive(Duration.ofSeconds(10))) {
                throw new IllegalStateException("the mirror is not live: " + mirror.status());
            }
            values.put(Measure.MIRROR_BYTES, bytes(new Batch("mirror", 20_000, calls -> {
                double sum = 0;
                for (int i = 0; i < calls; i++) {
                    sum += mirror.robotState("hog").orElseThrow().value().goalTimeSlow();
                }
                return (long) sum;
            })));
        }
    }

    private static CommandStats work(Connection counting, Caller caller, int calls) throws Exception {
        CommandStats before = CommandStats.read(counting);
        for (int i = 0; i < calls; i++) {
            caller.call();
        }
        return CommandStats.read(counting).since(before);
    }

    @SuppressWarnings("UnnecessaryMethodReference") // whoever opened it closes it
    private static double bytes(Caller caller) throws Exception {
        return bytes(Callers.one("bytes", caller::call));
    }

    /** The least of some rounds, when the compiler is done: what a call cannot do without. */
    private static double bytes(Contestant contestant) throws Exception {
        contestant.run(WARM_UP);
        double least = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            least = Math.min(least, contestant.run(SLOT).bytes());
        }
        contestant.close();
        return least;
    }
}
