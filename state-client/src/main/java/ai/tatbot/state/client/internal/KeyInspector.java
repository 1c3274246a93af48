package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.model.Key;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.resps.StreamEntry;

/** Reads what a key of any type holds, in one round trip. Thread-safe. */
public final class KeyInspector {
    private final RedisConnections redis;
    private final Namespace namespace;

    public KeyInspector(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** What it holds, of a stream the last entries only; empty if there is no such key. */
    public Optional<KeyContents> read(Key<?> key, int mostEntries) {
        return redis.perform(reading(key, mostEntries));
    }

    /** As {@link #read}. */
    public Step<Optional<KeyContents>> reading(Key<?> key, int mostEntries) {
        byte[] name = namespace.key(key);
        CommandObjects commands = RedisConnections.commands();
        Round round = Round.reading("reading " + key);
        Supplier<Long> expiry = round.ask(commands.pttl(name));
        return switch (key.kind().redisType()) {
            case HASH -> {
                Supplier<Map<byte[], byte[]>> hash = round.ask(commands.hgetAll(name));
                yield round.then(() -> {
                    Map<String, byte[]> fields = new TreeMap<>();
                    hash.get().forEach((field, value) -> fields.put(text(field), value));
                    return found(key, Collections.unmodifiableMap(fields), List.of(), Set.of(), fields.size(), expiry);
                });
            }
            case STREAM -> {
                Supplier<List<StreamEntry>> stream = round.ask(commands.xrevrange(text(name), "+", "-", mostEntries));
                Supplier<Long> length = round.ask(commands.xlen(name));
                yield round.then(() -> {
                    List<KeyContents.Entry> entries = stream.get().stream()
                            .map(entry -> new KeyContents.Entry(
                                    entry.getID().toString(), new LinkedHashMap<>(entry.getFields())))
                            .collect(Collectors.toList());
                    Collections.reverse(entries);
                    return found(key, Map.of(), List.copyOf(entries), Set.of(), length.get(), expiry);
                });
            }
            case SET -> {
                Supplier<Set<String>> set = round.ask(commands.smembers(text(name)));
                yield round.then(() -> {
                    Set<String> members = Collections.unmodifiableSet(new TreeSet<>(set.get()));
                    return found(key, Map.of(), List.of(), members, members.size(), expiry);
                });
            }
        };
    }

    private static Step<Optional<KeyContents>> found(
            Key<?> key,
            Map<String, byte[]> fields,
            List<KeyContents.Entry> entries,
            Set<String> members,
            long length,
            Supplier<Long> expiry) {
        // -2: no such key; -1: it does not expire
        long millis = expiry.get();
        if (millis == -2) {
            return Step.done(Optional.empty());
        }
        @Nullable Duration timeToLive = millis < 0 ? null : Duration.ofMillis(millis);
        return Step.done(Optional.of(new KeyContents(key, fields, entries, members, length, timeToLive)));
    }
}
