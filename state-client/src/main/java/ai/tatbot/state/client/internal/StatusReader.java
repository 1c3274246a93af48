package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.internal.NodeConditions.FoundNode;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.exceptions.JedisDataException;

/** Puts the status of the fleet together, in a number of round trips that does not depend on how many nodes there are. */
public final class StatusReader {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReader.class);

    /**
     * How many nodes and sessions are read in one round trip: many times what a fleet has. Redis keeps most of the answers until all
     * is sent, and a kilobyte for each node counts towards its maxmemory.
     */
    private static final int AT_ONCE = 12_000;

    /** How many of them are put together before they are sent. */
    private static final int SLICE = 100;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Indexes indexes;
    private final DocumentReader documents;
    private final NodeConditions conditions;

    public StatusReader(RedisConnections redis, Namespace namespace, Indexes indexes, DocumentReader documents) {
        this.redis = redis;
        this.namespace = namespace;
        this.indexes = indexes;
        this.documents = documents;
        this.conditions = new NodeConditions(namespace);
    }

    /**
     * Reads the status.
     *
     * @param sweep whether to look for keys that no index knows, too
     */
    public SystemStatus read(boolean sweep) {
        return redis.perform(reading(sweep));
    }

    /** As {@link #read}. */
    public Step<SystemStatus> reading(boolean sweep) {
        return readingKnown()
                .then(known -> sweep ? findingUnindexed(known) : Step.done(known))
                .then(this::readingStatus);
    }

    private Step<SystemStatus> readingStatus(Known known) {
        List<Key<NodeHealth>> nodes = DocumentReader.keys(Keys.NODE_HEALTH, sorted(known.nodes));
        List<Key<StrokeProgress>> sessions = DocumentReader.keys(Keys.STROKE_PROGRESS, sorted(known.sessions));
        return reading(nodes, sessions, 0, new Found()).then(found -> {
            Indexes.Ids gone = found.gone;
            SystemStatus status = found.status(known.redis);
            return indexes.forgetting(Keys.INDEX_NODES, gone.nodes())
                    .then(done -> indexes.forgetting(Keys.INDEX_SESSIONS, gone.sessions()))
                    .map(done -> status);
        });
    }

    /** @param from how many of them were read, nodes first */
    private Step<Found> reading(
            List<Key<NodeHealth>> nodes, List<Key<StrokeProgress>> sessions, int from, Found before) {
        int all = nodes.size() + sessions.size();
        if (from == all) {
            return Step.done(before);
        }
        int to = Math.min(all, from + AT_ONCE);
        Round round = Round.reading("reading the status");
        List<Supplier<FoundNode>> nodeAnswers = new ArrayList<>();
        each(round, part(nodes, from, to), key -> nodeAnswers.add(asking(round, key)));
        List<Supplier<StoredDocument<StrokeProgress>>> sessionAnswers = new ArrayList<>();
        each(
                round,
                part(sessions, from - nodes.size(), to - nodes.size()),
                key -> sessionAnswers.add(documents.asking(round, key)));
        return round.then(() -> {
            // Made anew each time, for what is tried again comes here again.
            Found found = new Found(before);
            nodeAnswers.forEach(answer -> found.add(answer.get()));
            sessionAnswers.forEach(answer -> found.add(answer.get()));
            return reading(nodes, sessions, to, found);
        });
    }

    private Supplier<FoundNode> asking(Round round, Key<NodeHealth> key) {
        Supplier<StoredDocument<NodeHealth>> health = documents.asking(round, key);
        Supplier<StoredDocument<RobotState>> robot = documents.asking(round, Keys.ROBOT_STATE.of(key.id()));
        return conditions.asking(round, key.id(), health, robot);
    }

    private static <T> void each(Round round, List<T> keys, Consumer<T> ask) {
        for (int from = 0; from < keys.size(); from += SLICE) {
            List<T> slice = keys.subList(from, Math.min(from + SLICE, keys.size()));
            round.later(() -> slice.forEach(ask));
        }
    }

    private static <T> List<T> part(List<T> all, int from, int to) {
        int first = Math.max(0, Math.min(from, all.size()));
        return all.subList(first, Math.max(first, Math.min(to, all.size())));
    }

    private static List<String> sorted(Set<String> ids) {
        String[] sorted = ids.toArray(String[]::new);
        Arrays.sort(sorted);
        return Arrays.asList(sorted);
    }

    /** Older nodes enter no index. What they have written is entered here, so that other reads find it until it expires. */
    private Step<Known> findingUnindexed(Known known) {
        return documents
                .sweeping(List.of(Keys.NODE_HEALTH, Keys.ROBOT_STATE, Keys.STROKE_PROGRESS))
                .then(keys -> {
                    Known all = new Known(new HashSet<>(known.nodes), new HashSet<>(known.sessions), known.redis);
                    Set<String> nodes = new TreeSet<>();
                    Set<String> sessions = new TreeSet<>();
                    for (Key<?> key : keys) {
                        boolean session = key.kind().name().equals(Keys.STROKE_PROGRESS.name());
                        Set<String> ids = session ? all.sessions : all.nodes;
                        if (ids.add(key.id())) {
                            (session ? sessions : nodes).add(key.id());
                        }
                    }
                    return indexes.entering(Keys.INDEX_NODES, nodes)
                            .then(entered -> indexes.entering(Keys.INDEX_SESSIONS, sessions))
                            .map(entered -> all);
                });
    }

    private Step<Known> readingKnown() {
        Round round = Round.reading("reading the status");
        CommandObjects commands = RedisConnections.commands();
        Supplier<Set<String>> nodes = round.ask(commands.smembers(Namespace.text(namespace.key(Keys.indexNodes()))));
        Supplier<Set<String>> sessions =
                round.ask(commands.smembers(Namespace.text(namespace.key(Keys.indexSessions()))));
        // Several sections in one call: since 7.0
        Supplier<String> server = round.ask(commands.info("server"));
        Supplier<String> memory = round.ask(commands.info("memory"));
        return round.then(() -> Step.done(new Known(nodes.get(), sessions.get(), server(server, memory))));
    }

    private static SystemStatus.RedisServer server(Supplier<String> server, Supplier<String> memory) {
        try {
            return RedisInfo.parse(server.get(), memory.get());
        } catch (JedisDataException e) {
            // A user with few rights may not ask; the status is worth having all the same.
            LOG.debug("no INFO: {}", e.getMessage());
            return RedisInfo.UNKNOWN;
        }
    }

    private record Known(Set<String> nodes, Set<String> sessions, SystemStatus.RedisServer redis) {}

    /** What was found so far. */
    private static final class Found {
        private final List<SystemStatus.Node> nodes;
        private final List<Versioned<StrokeProgress>> sessions;
        private final List<Problem> problems;

        /** Documents expire by themselves; these ids leave the indexes. One that comes back is entered again by its writer. */
        private final Indexes.Ids gone;

        Found() {
            this.nodes = new ArrayList<>();
            this.sessions = new ArrayList<>();
            this.problems = new ArrayList<>();
            this.gone = new Indexes.Ids(new TreeSet<>(), new TreeSet<>());
        }

        Found(Found other) {
            this.nodes = new ArrayList<>(other.nodes);
            this.sessions = new ArrayList<>(other.sessions);
            this.problems = new ArrayList<>(other.problems);
            this.gone = new Indexes.Ids(new TreeSet<>(other.gone.nodes()), new TreeSet<>(other.gone.sessions()));
        }

        void add(FoundNode seen) {
            if (seen.node() != null) {
                nodes.add(seen.node());
            }
            if (seen.isGone()) {
                gone.nodes().add(seen.id());
            }
            add(seen.health().problem());
            add(seen.robot().problem());
        }

        void add(StoredDocument<StrokeProgress> session) {
            if (session.value() != null) {
                sessions.add(session.value());
            } else if (session.problem() == null) {
                gone.sessions().add(session.key().id());
            }
            add(session.problem());
        }

        private void add(@Nullable Problem problem) {
            if (problem != null) {
                problems.add(problem);
            }
        }

        SystemStatus status(SystemStatus.RedisServer redis) {
            sessions.sort(Comparator.comparing((Versioned<StrokeProgress> session) -> session.lastUpdated())
                    .reversed());
            problems.sort(Comparator.comparing(Problem::source));
            return new SystemStatus(
                    Instant.now(), redis, List.copyOf(nodes), List.copyOf(sessions), List.copyOf(problems));
        }
    }
}
