package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * The sets that say which ids exist. Documents enter theirs when they are written, and expire by themselves; whoever misses one
 * tidies up. Thread-safe.
 *
 * <p>Tidying needs rights that a mere reader may lack. What was read is worth having all the same, so that is no failure.
 */
public final class Indexes {
    private static final Logger LOG = LoggerFactory.getLogger(Indexes.class);
    private static final Script FORGET = Script.of("forget.lua");

    /** A script must not keep Redis busy for long; the next reader forgets the rest. */
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final RedisConnections redis;
    private final Namespace namespace;

    public Indexes(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** The ids in an index. */
    Set<String> ids(KeyKind<Void> index) {
        return redis.perform(readingIds(index));
    }

    /** As {@link #ids}. */
    Step<Set<String>> readingIds(KeyKind<Void> index) {
        Round round = Round.reading("reading " + index);
        Supplier<Set<String>> ids = round.ask(RedisConnections.commands().smembers(name(index)));
        return round.then(() -> Step.done(ids.get()));
    }

    /** The ids in both indexes; one round trip. */
    Ids idsOfAll() {
        return redis.run("reading the indexes", Safety.READ, connection -> {
            Pipeline pipeline = new Pipeline(connection);
            Response<Set<String>> nodes = pipeline.smembers(name(Keys.INDEX_NODES));
            Response<Set<String>> sessions = pipeline.smembers(name(Keys.INDEX_SESSIONS));
            pipeline.sync();
            return new Ids(nodes.get(), sessions.get());
        });
    }

    /** The ids of all nodes and sessions. */
    record Ids(Set<String> nodes, Set<String> sessions) {}

    /** Enters ids that were found without it; comes to whether there was something to do, and the right to do it. */
    Step<Boolean> entering(KeyKind<Void> index, Collection<String> ids) {
        if (ids.isEmpty()) {
            return Step.done(false);
        }
        Round round = Round.changing("entering into " + index, Safety.IDEMPOTENT);
        Supplier<Long> entered = round.ask(RedisConnections.commands().sadd(name(index), ids.toArray(String[]::new)));
        return tolerated(round.then(() -> Step.done(entered.get() >= 0)));
    }

    /**
     * Removes ids of which no document exists any more; Redis looks again, and decides in the same step. Comes to whether there was
     * something to do, and the right to do it.
     */
    Step<Boolean> forgetting(KeyKind<Void> index, Collection<String> gone) {
        List<KeyKind<?>> kinds = listed(index);
        List<String> ids = gone.stream()
                // What is no id, someone put there by hand; it stays, and every reader passes it over.
                .filter(id -> !DocumentReader.keys(kinds.get(0), Set.of(id)).isEmpty())
                .limit(FORGOTTEN_AT_ONCE)
                .toList();
        if (ids.isEmpty()) {
            return Step.done(false);
        }
        List<byte[]> keys = new ArrayList<>(List.of(namespace.key(index.of())));
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(Integer.toString(kinds.size()))));
        for (String id : ids) {
            kinds.forEach(kind -> keys.add(namespace.key(kind.of(id))));
            arguments.add(bytes(id));
        }
        Round round = Round.changing("tidying " + index, Safety.IDEMPOTENT);
        Supplier<?> forgotten = round.call(new Script.Call(FORGET, keys, arguments));
        return tolerated(round.then(() -> Step.done(forgotten.get() != null)));
    }

    /** The kinds of document whose ids an index lists. */
    static List<KeyKind<?>> listed(KeyKind<Void> index) {
        List<KeyKind<?>> kinds = new ArrayList<>();
        for (KeyKind<?> kind : Keys.all()) {
            if (kind.index().filter(its -> its.name().equals(index.name())).isPresent()) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private String name(KeyKind<Void> index) {
        return text(namespace.key(index.of()));
    }

    private static Step<Boolean> tolerated(Step<Boolean> tidying) {
        return tidying.recover(e -> {
            if (e.reason() != Reason.DENIED && e.reason() != Reason.READ_ONLY && e.reason() != Reason.OUT_OF_MEMORY) {
                throw e;
            }
            LOG.debug("an index stays as it is: {}", e.getMessage());
            return Step.done(false);
        });
    }
}
