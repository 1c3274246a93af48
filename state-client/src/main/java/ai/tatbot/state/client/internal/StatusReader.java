package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateList;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.exceptions.JedisDataException;

/** Puts the status of the fleet together, in a number of round trips that does not depend on how many nodes there are. */
public final class StatusReader {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReader.class);

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Indexes indexes;
    private final DocumentReader documents;

    public StatusReader(RedisConnections redis, Namespace namespace, Indexes indexes, DocumentReader documents) {
        this.redis = redis;
        this.namespace = namespace;
        this.indexes = indexes;
        this.documents = documents;
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
        NodeConditions conditions = new NodeConditions(namespace, known.nodes);
        return documents.readingAll(keys(known), conditions::ask).then(all -> {
            Map<String, Versioned<NodeHealth>> health = byId(all, Keys.NODE_HEALTH);
            Map<String, Versioned<RobotState>> robots = byId(all, Keys.ROBOT_STATE);
            Map<String, Versioned<StrokeProgress>> sessions = byId(all, Keys.STROKE_PROGRESS);
            List<SystemStatus.Node> nodes = new ArrayList<>();
            for (String id : known.nodes) {
                conditions.node(id, health.get(id), robots.get(id)).ifPresent(nodes::add);
            }
            List<Versioned<StrokeProgress>> newestFirst = sessions.values().stream()
                    .sorted(Comparator.comparing((Versioned<StrokeProgress> session) -> session.lastUpdated())
                            .reversed())
                    .toList();
            SystemStatus status =
                    new SystemStatus(Instant.now(), known.redis, List.copyOf(nodes), newestFirst, all.problems());
            return forgettingGone(known, nodes, sessions.keySet(), all.problems())
                    .map(done -> status);
        });
    }

    /** Older nodes enter no index. What they have written is entered here, so that other reads find it until it expires. */
    private Step<Known> findingUnindexed(Known known) {
        return documents
                .sweeping(List.of(Keys.NODE_HEALTH, Keys.ROBOT_STATE, Keys.STROKE_PROGRESS))
                .then(keys -> {
                    Set<String> nodes = new TreeSet<>();
                    Set<String> sessions = new TreeSet<>();
                    for (Key<?> key : keys) {
                        boolean session = key.kind().name().equals(Keys.STROKE_PROGRESS.name());
                        Set<String> ids = session ? known.sessions : known.nodes;
                        if (ids.add(key.id())) {
                            (session ? sessions : nodes).add(key.id());
                        }
                    }
                    return indexes.entering(Keys.INDEX_NODES, nodes)
                            .then(entered -> indexes.entering(Keys.INDEX_SESSIONS, sessions))
                            .map(entered -> known);
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
        return round.then(() -> Step.done(
                new Known(new TreeSet<>(nodes.get()), new TreeSet<>(sessions.get()), server(server, memory))));
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

    @SuppressWarnings("unchecked") // readAll decodes each key by its own kind
    private static List<Key<Document>> keys(Known known) {
        List<Key<? extends Document>> keys = new ArrayList<>();
        keys.addAll(DocumentReader.keys(Keys.NODE_HEALTH, known.nodes));
        keys.addAll(DocumentReader.keys(Keys.ROBOT_STATE, known.nodes));
        keys.addAll(DocumentReader.keys(Keys.STROKE_PROGRESS, known.sessions));
        return (List<Key<Document>>) (List<?>) keys;
    }

    @SuppressWarnings("unchecked") // a kind pairs its keys with its documents
    private static <T extends Document> Map<String, Versioned<T>> byId(StateList<Document> all, KeyKind<T> kind) {
        Map<String, Versioned<T>> byId = new LinkedHashMap<>();
        for (Versioned<?> value : all.values()) {
            if (value.key().kind().name().equals(kind.name())) {
                byId.put(value.key().id(), (Versioned<T>) value);
            }
        }
        return byId;
    }

    /** Documents expire by themselves; their ids leave the indexes here. One that comes back is entered again by its writer. */
    private Step<Boolean> forgettingGone(
            Known known, List<SystemStatus.Node> nodes, Set<String> sessions, List<Problem> unreadable) {
        Set<String> goneNodes = new TreeSet<>(known.nodes);
        nodes.forEach(node -> goneNodes.remove(node.id()));
        Set<String> goneSessions = new TreeSet<>(known.sessions);
        goneSessions.removeAll(sessions);
        for (Problem problem : unreadable) {
            Keys.parse(problem.source()).ifPresent(key -> {
                goneNodes.remove(key.id());
                goneSessions.remove(key.id());
            });
        }
        return indexes.forgetting(Keys.INDEX_NODES, goneNodes)
                .then(done -> indexes.forgetting(Keys.INDEX_SESSIONS, goneSessions));
    }

    private record Known(Set<String> nodes, Set<String> sessions, SystemStatus.RedisServer redis) {}
}
