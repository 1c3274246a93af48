package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.HistoryEntry;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.resps.StreamEntry;

/** Reads the history of a stroke session. Thread-safe. */
public final class HistoryReader {
    private final RedisConnections redis;
    private final Namespace namespace;

    public HistoryReader(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** The last positions, oldest first. */
    public List<HistoryEntry> read(String sessionId, int most) {
        return redis.perform(reading(sessionId, most));
    }

    /** As {@link #read}. */
    public Step<List<HistoryEntry>> reading(String sessionId, int most) {
        if (most < 1) {
            throw new InvalidValueException("most must be at least 1, was " + most);
        }
        Round round = Round.reading("reading the history of " + sessionId);
        Supplier<List<StreamEntry>> newestFirst = round.ask(RedisConnections.commands()
                .xrevrange(Namespace.text(namespace.key(Keys.strokeHistory(sessionId))), "+", "-", most));
        return round.then(() -> Step.done(decode(newestFirst.get())));
    }

    private static List<HistoryEntry> decode(List<StreamEntry> newestFirst) {
        List<HistoryEntry> entries = new ArrayList<>(newestFirst.size());
        for (StreamEntry entry : newestFirst) {
            entries.add(decode(entry));
        }
        Collections.reverse(entries);
        return entries;
    }

    private static HistoryEntry decode(StreamEntry entry) {
        Map<String, String> fields = entry.getFields();
        String rev = fields.get("rev");
        return new HistoryEntry(
                entry.getID().toString(),
                time(fields.get("timestamp"), entry.getID().getTime()),
                rev == null ? null : number(rev),
                (int) number(fields.getOrDefault("stroke_idx", "0")),
                (int) number(fields.getOrDefault("pose_idx", "0")),
                fields.getOrDefault("description_l", ""),
                fields.getOrDefault("description_r", ""),
                fields.getOrDefault("node_id", ""));
    }

    private static Instant time(@Nullable String text, long entryMillis) {
        try {
            return text == null ? Instant.ofEpochMilli(entryMillis) : WireTime.parse(text);
        } catch (InvalidValueException e) {
            return Instant.ofEpochMilli(entryMillis);
        }
    }

    /** Any writer may append to a stream; a number that is none shows as 0 rather than hiding the rest. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
