package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.client.internal.Script.Call;
import ai.tatbot.state.client.internal.Script.Outcome;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Looks for writers and nodes that are dead, and tells so: two round trips for any number of sessions and nodes, and a third
 * where there is something to tell. What it has seen is proved again by the script that tells it, so that any number of these
 * do the same as one. Used by one thread.
 */
public final class Reaping {
    private static final Logger LOG = LoggerFactory.getLogger(Reaping.class);

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Indexes indexes;
    private final DeadWriters writers;
    private final Duration interval;
    private final Contact contact;

    /** After a look that was refused. */
    private static final Duration SELDOM = Duration.ofMinutes(1);

    /** Of keys that this user may not write; more would be those of a fleet that dies faster than it can be told. */
    private static final int MOST_REFUSED = 10_000;

    /** What was reported: whoever lacks a right lacks it at every look. */
    private final Set<Reason> reported = EnumSet.noneOf(Reason.class);

    /** Keys that this user may not write: Redis notes each attempt (ACL LOG), which would hide what matters there. */
    private final Set<String> refused = new HashSet<>();

    private boolean mayLook = true;

    public Reaping(RedisConnections redis, Namespace namespace, Indexes indexes) {
        StateOptions options = redis.options();
        this.redis = redis;
        this.namespace = namespace;
        this.indexes = indexes;
        this.writers = new DeadWriters(namespace, options.sessionLease(), options.abandonedAfter());
        this.interval = shorter(options.reapInterval(), options.sessionLease().dividedBy(4));
        // Of an outage that is shorter than this, no lease can run out: each is renewed after a third of it.
        this.contact = new Contact(longest(interval).plus(options.sessionLease().dividedBy(3)));
    }

    /** How long to wait for the next look: random, so that many reapers do not look in step. */
    public Duration pause() {
        if (!mayLook) {
            return SELDOM;
        }
        long half = interval.toNanos() / 2;
        return Duration.ofNanos(
                interval.toNanos() - half / 2 + ThreadLocalRandom.current().nextLong(half + 1));
    }

    private static Duration longest(Duration interval) {
        return interval.plus(interval.dividedBy(4));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Looks once.
     *
     * @throws StateException if Redis cannot be read; what it refuses to write is told to the problem listener, once
     */
    public void look() {
        try {
            List<Call> calls = new ArrayList<>();
            mayLook = true;
            Seen seen = read(indexes.idsOfAll());
            contact.made(seen.now.toEpochMilli());
            calls.addAll(writers.reap(seen.sessions, seen.now, contact, redis.lastSeq()));
            for (SeenNode node : seen.nodes) {
                // Of its own node it says nothing: that lives, evidently. If its heartbeats fail, others say what that
                // means.
                if (!node.id().equals(redis.options().nodeId())) {
                    NodeTurns.of(node, seen.now, contact)
                            .ifPresent(turn -> calls.add(turn.call(namespace, seen.now, redis.lastSeq())));
                }
            }
            calls.removeIf(call -> refused.contains(name(call)));
            if (!calls.isEmpty()) {
                List<Outcome> outcomes =
                        redis.run("telling who is dead", Safety.ONCE, connection -> Script.runAll(connection, calls));
                for (int i = 0; i < calls.size(); i++) {
                    settle(name(calls.get(i)), outcomes.get(i));
                }
            }
        } catch (StateException e) {
            contact.lost();
            mayLook = !RedisErrors.lacksRight(e);
            throw e;
        }
    }

    private static String name(Call call) {
        return text(call.keys().get(0));
    }

    private void settle(String name, Outcome outcome) {
        JedisDataException error = outcome.error();
        if (error == null) {
            LOG.info("told the turn of {}", namespace.strip(name));
            Logged.in(outcome.reply()).forEach(redis::given);
            int note = outcome.reply().indexOf('\n');
            if (note >= 0) {
                WriteReply.reportNote(
                        redis, namespace.strip(name), outcome.reply().substring(note + 1));
            }
            return;
        }
        StateException failure = redis.errors().answered("telling that " + namespace.strip(name) + " is dead", error);
        if (failure.reason() == Reason.CONFLICT) {
            // Another was first, or it has given a sign of life meanwhile.
            LOG.debug("{}", failure.getMessage());
        } else {
            if (failure.reason() == Reason.DENIED) {
                refuse(name);
            }
            report(failure, namespace.strip(name));
        }
    }

    private void refuse(String name) {
        if (refused.size() >= MOST_REFUSED) {
            refused.clear();
        }
        refused.add(name);
    }

    /** Tells the program of a failure, unless one of its kind was told. */
    public void report(StateException failure, String source) {
        if (reported.add(failure.reason())) {
            redis.report(new Problem(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    source,
                    failure.getMessage() + " Others may do it; this is not reported again."
                            + (failure.reason() == Reason.DENIED
                                    ? " If this node is not to do it, set STATE_REAPER to false."
                                    : ""),
                    failure));
        }
    }

    private Seen read(Indexes.Ids ids) {
        List<Key<StrokeProgress>> sessions = DocumentReader.keys(Keys.STROKE_PROGRESS, ids.sessions());
        List<Key<NodeHealth>> nodes = DocumentReader.keys(Keys.NODE_HEALTH, ids.nodes());
        return redis.run(
                "looking for dead writers", Safety.READ, connection -> new Reader(connection).read(sessions, nodes));
    }

    /** One look's second round trip. */
    private final class Reader {
        private final Pipeline pipeline;

        Reader(Connection connection) {
            this.pipeline = new Pipeline(connection);
        }

        Seen read(List<Key<StrokeProgress>> sessionKeys, List<Key<NodeHealth>> nodeKeys) {
            List<Supplier<Optional<StoredSession>>> sessions = new ArrayList<>();
            for (Key<StrokeProgress> key : sessionKeys) {
                Supplier<List<byte[]>> values = pipeline.hmget(namespace.key(key), StoredSession.fields());
                sessions.add(() -> StoredSession.executing(key, values.get()));
            }
            List<Supplier<Optional<SeenNode>>> nodes = new ArrayList<>();
            for (Key<NodeHealth> key : nodeKeys) {
                Supplier<List<byte[]>> health = pipeline.hmget(namespace.key(key), bytes("health"), bytes("rev"));
                Supplier<List<byte[]>> liveness =
                        pipeline.hmget(namespace.key(Keys.liveness(key.id())), NodeLiveness.fields());
                nodes.add(() -> node(key.id(), health.get(), NodeLiveness.decode(liveness.get())));
            }
            // Last, so that nothing that was read is newer.
            Response<List<Object>> time = pipeline.executeCommand(RedisTime.COMMAND);
            pipeline.sync();
            return new Seen(RedisTime.decode(time.get()), readable(sessions), readable(nodes));
        }

        private static <T> List<T> readable(List<Supplier<Optional<T>>> seen) {
            List<T> readable = new ArrayList<>();
            for (Supplier<Optional<T>> one : seen) {
                try {
                    one.get().ifPresent(readable::add);
                } catch (JedisDataException e) {
                    // Another Redis type, or no right: a status says so.
                    LOG.debug("passed over: {}", e.getMessage());
                }
            }
            return readable;
        }

        private static Optional<SeenNode> node(String id, List<byte @Nullable []> health, NodeLiveness liveness) {
            byte[] document = health.get(0);
            byte[] rev = health.get(1);
            return Optional.of(new SeenNode(
                    id, liveness, document == null ? null : health(document), rev == null ? "" : text(rev)));
        }

        private static @Nullable NodeHealth health(byte[] document) {
            try {
                return StateJson.read(document, NodeHealth.JSON);
            } catch (InvalidValueException e) {
                // Not a heartbeat; and the script sees that something is there.
                return null;
            }
        }
    }

    private record Seen(Instant now, List<StoredSession> sessions, List<SeenNode> nodes) {}
}
