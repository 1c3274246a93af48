package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.resps.StreamEntry;

/** Reads {@code events:log}. Thread-safe; blocks as every read does. */
final class EventLog {
    /** How many entries are read at a time. */
    static final int PAGE = 500;

    private final RedisConnections redis;
    private final String key;

    EventLog(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.key = Namespace.text(namespace.key(Keys.eventsLog()));
    }

    /** A cursor at its end. */
    LogCursor end() {
        List<LogEntry> last = entries(redis.call(
                "reading the end of " + key,
                Safety.READ,
                RedisConnections.commands().xrevrange(key, "+", "-", 1)));
        return last.isEmpty()
                ? new LogCursor(LogCursor.BEGINNING, 0)
                : new LogCursor(last.get(0).id(), last.get(0).seq());
    }

    /** The entries behind this one, oldest first, at most {@link #PAGE}. */
    List<LogEntry> after(String id) {
        return entries(redis.call(
                "reading " + key, Safety.READ, RedisConnections.commands().xrange(key, "(" + id, "+", PAGE)));
    }

    private static List<LogEntry> entries(List<StreamEntry> entries) {
        List<LogEntry> read = new ArrayList<>(entries.size());
        for (StreamEntry entry : entries) {
            Map<String, String> fields = entry.getFields();
            read.add(new LogEntry(
                    entry.getID().toString(),
                    LogEntry.number(fields.get("seq")),
                    LogEntry.number(fields.get("seq_lost")),
                    fields.getOrDefault("channel", ""),
                    fields.getOrDefault("event", "")));
        }
        return read;
    }
}
