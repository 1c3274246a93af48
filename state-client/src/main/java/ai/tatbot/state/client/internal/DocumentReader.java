package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateList;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Reads documents, singly or many in a fixed number of round trips. Thread-safe. */
public final class DocumentReader {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentReader.class);
    private static final byte[] LAST_UPDATED = bytes("last_updated");
    private static final byte[] REV = bytes("rev");

    /** How many keys Redis looks at in one step of a sweep. */
    private static final int SWEEP_STEP = 5_000;

    /** How many reads go out before their answers are read: far more than a fleet has, yet nothing that Redis cannot hold. */
    private static final int BATCH = 10_000;

    /** What is read of a document of each kind, by the kind's name. */
    private static final Map<String, HashFields> FIELDS = Keys.all().stream()
            .filter(kind -> kind.documentField().isPresent())
            .collect(Collectors.toUnmodifiableMap(
                    KeyKind::name, kind -> new HashFields(field(kind), LAST_UPDATED, REV)));

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Indexes indexes;

    public DocumentReader(RedisConnections redis, Namespace namespace, Indexes indexes) {
        this.redis = redis;
        this.namespace = namespace;
        this.indexes = indexes;
    }

    /** Reads one document; one round trip. */
    public <T extends Document> Optional<Versioned<T>> read(Key<T> key) {
        return decodeOrThrow(key, redis.call("reading " + key, Safety.READ, hmget(key)));
    }

    /** As {@link #read(Key)}. */
    public <T extends Document> Step<Optional<Versioned<T>>> reading(Key<T> key) {
        Round round = Round.reading("reading " + key);
        Supplier<List<byte[]>> fields = round.ask(hmget(key));
        return round.then(() -> Step.done(decodeOrThrow(key, fields.get())));
    }

    private CommandObject<List<byte[]>> hmget(Key<?> key) {
        return hmget(namespace.known(key), key);
    }

    private static CommandObject<List<byte[]>> hmget(byte[] name, Key<?> key) {
        return RedisConnections.commands().hmget(name, field(key.kind()), LAST_UPDATED, REV);
    }

    private <T extends Document> Optional<Versioned<T>> decodeOrThrow(Key<T> key, List<byte[]> fields) {
        try {
            return decode(key, fields);
        } catch (InvalidValueException e) {
            throw new StateException(
                    Reason.INVALID,
                    "reading " + key + ": the stored document does not fit its schema: " + e.getMessage(),
                    e);
        }
    }

    /** Reads all documents of a kind whose ids are in its index; two round trips for any number up to ten thousand. A third forgets sessions
     * that have expired. */
    public <T extends Document> StateList<T> readIndexed(KeyKind<T> kind) {
        return redis.perform(readingIndexed(kind));
    }

    /** As {@link #readIndexed}. */
    public <T extends Document> Step<StateList<T>> readingIndexed(KeyKind<T> kind) {
        KeyKind<Void> index = kind.index().orElseThrow(() -> new IllegalArgumentException(kind + " is in no index"));
        return indexes.readingIds(index)
                .then(ids -> readingAll(keys(kind, ids)).then(all -> forgettingGone(kind, index, ids, all)));
    }

    private <T extends Document> Step<StateList<T>> forgettingGone(
            KeyKind<T> kind, KeyKind<Void> index, Set<String> ids, StateList<T> all) {
        if (Indexes.listed(index).size() != 1) {
            return Step.done(all);
        }
        // Ended sessions expire one by one, and would stay listed for ever. Of a node, something else may well exist.
        Set<String> gone = new HashSet<>(ids);
        all.values().forEach(value -> gone.remove(value.key().id()));
        all.problems().forEach(problem -> kind.parse(problem.source()).ifPresent(key -> gone.remove(key.id())));
        return indexes.forgetting(index, gone).map(done -> all);
    }

    /** Keys with these ids; an id that someone put into the index by hand and that no key can have is passed over. */
    static <T> List<Key<T>> keys(KeyKind<T> kind, Collection<String> ids) {
        List<Key<T>> keys = new ArrayList<>(ids.size());
        for (String id : ids) {
            try {
                keys.add(kind.of(id));
            } catch (InvalidValueException e) {
                LOG.debug("the index of {} has an id that no key can have: {}", kind, e.getMessage());
            }
        }
        return keys;
    }

    /** Reads these documents, ten thousand a round trip. Missing ones are left out, unreadable ones reported. */
    public <T extends Document> StateList<T> readAll(List<Key<T>> keys) {
        return redis.perform(readingAll(keys));
    }

    /** As {@link #readAll}. */
    public <T extends Document> Step<StateList<T>> readingAll(List<Key<T>> keys) {
        List<Key<T>> sorted =
                keys.stream().sorted(Comparator.comparing(Key::name)).toList();
        return readingFrom(0, sorted, List.of(), List.of());
    }

    private <T extends Document> Step<StateList<T>> readingFrom(
            int from, List<Key<T>> sorted, List<Versioned<T>> before, List<Problem> problemsBefore) {
        if (from >= sorted.size()) {
            return Step.done(new StateList<>(List.copyOf(before), List.copyOf(problemsBefore)));
        }
        List<Key<T>> batch = sorted.subList(from, Math.min(from + BATCH, sorted.size()));
        Round round = Round.reading("reading " + batch.size() + " documents");
        List<Supplier<StoredDocument<T>>> replies = new ArrayList<>(batch.size());
        for (Key<T> key : batch) {
            replies.add(asking(round, key));
        }
        return round.then(() -> {
            // Made anew each time, for what is tried again comes here again.
            List<Versioned<T>> values = new ArrayList<>(before);
            List<Problem> problems = new ArrayList<>(problemsBefore);
            for (Supplier<StoredDocument<T>> reply : replies) {
                reply.get().sortInto(values, problems);
            }
            return readingFrom(from + BATCH, sorted, values, problems);
        });
    }

    /** Asks for a document, one of many; what comes of it throws a {@link StateException} if it is not the document that is wrong. */
    <T extends Document> Supplier<StoredDocument<T>> asking(Round round, Key<T> key) {
        // Its name is not to be remembered: so many would drive out those that are used again and again.
        return round.askFields(
                        () -> namespace.key(key),
                        Objects.requireNonNull(FIELDS.get(key.kind().name())))
                .as(reply -> stored(key, reply, -1));
    }

    private <T extends Document> StoredDocument<T> stored(Key<T> key, Supplier<List<byte[]>> reply, long ttlMillis) {
        try {
            return new StoredDocument<>(key, decode(key, reply.get()).orElse(null), null, ttlMillis);
        } catch (InvalidValueException e) {
            return new StoredDocument<>(
                    key,
                    null,
                    new Problem(Problem.Kind.INVALID_DOCUMENT, key.name(), String.valueOf(e.getMessage()), e),
                    -1);
        } catch (JedisDataException e) {
            return new StoredDocument<>(key, null, unreadable(key, e), -1);
        }
    }

    /** Reads these documents with their times to live, some thousands a round trip; one result for each, also where there is none. */
    List<StoredDocument<?>> readStored(List<Key<? extends Document>> keys) {
        List<StoredDocument<?>> stored = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += BATCH / 2) {
            List<Key<? extends Document>> batch = keys.subList(from, Math.min(from + BATCH / 2, keys.size()));
            List<Reply> replies = redis.run("reading " + batch.size() + " documents", Safety.READ, connection -> {
                Pipeline pipeline = new Pipeline(connection);
                List<Reply> pending = new ArrayList<>(batch.size());
                for (Key<?> key : batch) {
                    byte[] name = namespace.key(key);
                    pending.add(
                            new Reply(pipeline.hmget(name, field(key.kind()), LAST_UPDATED, REV), pipeline.pttl(name)));
                }
                pipeline.sync();
                return pending;
            });
            for (int i = 0; i < batch.size(); i++) {
                Reply reply = replies.get(i);
                stored.add(stored(batch.get(i), reply.fields(), ttl(reply.ttl())));
            }
        }
        return stored;
    }

    private static long ttl(Response<Long> reply) {
        try {
            return reply.get();
        } catch (JedisDataException e) {
            // A user with few rights may not ask. The key's end is then found by reading it now and then.
            LOG.debug("no PTTL: {}", e.getMessage());
            return -1;
        }
    }

    /** @throws StateException if it is not the document that is wrong */
    private Problem unreadable(Key<?> key, JedisDataException e) {
        StateException failure = redis.errors().answered("reading " + key, e);
        if (failure.reason() != Reason.INVALID) {
            throw failure;
        }
        return new Problem(
                Problem.Kind.INVALID_DOCUMENT,
                key.name(),
                "holds another Redis type than " + key.kind().redisType(),
                e);
    }

    private record Reply(Response<List<byte[]>> fields, Response<Long> ttl) {}

    /** Finds all keys of a kind, as {@link #sweep(List)} does. */
    public <T> List<Key<T>> sweep(KeyKind<T> kind) {
        return redis.perform(sweeping(kind));
    }

    /** As {@link #sweep(KeyKind)}. */
    public <T> Step<List<Key<T>>> sweeping(KeyKind<T> kind) {
        return sweepingNames(namespace.pattern(kind))
                .map(names -> names.stream()
                        .flatMap(name -> kind.parse(name).stream())
                        .toList());
    }

    /**
     * Finds all keys of these kinds by one counted sweep through the whole database, so that keys are found that no index knows.
     * Not for a hot path: it takes a round trip for every few thousand keys.
     */
    public List<Key<?>> sweep(List<? extends KeyKind<?>> kinds) {
        return redis.perform(sweeping(kinds));
    }

    /** As {@link #sweep(List)}. */
    public Step<List<Key<?>>> sweeping(List<? extends KeyKind<?>> kinds) {
        return sweepingNames(namespace.pattern()).map(names -> {
            List<Key<?>> keys = new ArrayList<>();
            for (String name : names) {
                for (KeyKind<?> kind : kinds) {
                    kind.parse(name).ifPresent(keys::add);
                }
            }
            return keys;
        });
    }

    private Step<Set<String>> sweepingNames(String pattern) {
        ScanParams params = new ScanParams().match(pattern).count(SWEEP_STEP);
        return sweepingFrom(ScanParams.SCAN_POINTER_START, pattern, params, new LinkedHashSet<>());
    }

    private Step<Set<String>> sweepingFrom(String cursor, String pattern, ScanParams params, Set<String> names) {
        Round round = Round.reading("looking for " + pattern);
        Supplier<ScanResult<String>> answer =
                round.ask(RedisConnections.commands().scan(cursor, params));
        return round.then(() -> {
            ScanResult<String> found = answer.get();
            found.getResult().forEach(name -> names.add(namespace.strip(name)));
            return found.getCursor().equals(ScanParams.SCAN_POINTER_START)
                    ? Step.done(names)
                    : sweepingFrom(found.getCursor(), pattern, params, names);
        });
    }

    private <T extends Document> Optional<Versioned<T>> decode(Key<T> key, List<byte[]> fields) {
        byte[] json = fields.get(0);
        if (json == null) {
            return Optional.empty();
        }
        JsonType<T> type = key.kind().<T>documentType().orElseThrow();
        T value = StateJson.read(json, type);
        return Optional.of(new Versioned<>(key, value, rev(fields.get(2)), lastUpdated(fields.get(1), value)));
    }

    private static @Nullable Long rev(byte @Nullable [] field) {
        if (field == null) {
            return null;
        }
        try {
            return Long.valueOf(text(field));
        } catch (NumberFormatException e) {
            throw new InvalidValueException("rev must be a whole number, was " + Shown.text(text(field)), e);
        }
    }

    private static Instant lastUpdated(byte @Nullable [] field, Document value) {
        if (field == null) {
            return value.timestamp();
        }
        try {
            Instant written = WireTime.parse(text(field));
            // An older node that rewrites our document leaves our time as it was.
            return written.isBefore(value.timestamp()) ? value.timestamp() : written;
        } catch (InvalidValueException e) {
            throw new InvalidValueException("last_updated: " + e.getMessage(), e);
        }
    }

    private static byte[] field(KeyKind<?> kind) {
        return WriteArguments.field(kind);
    }
}
