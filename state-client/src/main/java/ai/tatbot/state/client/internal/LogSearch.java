package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Finds out which transitions of a publisher stand in {@code events:log}, where each is kept with the very bytes that were sent.
 * Remembers up to where the log is known, and looks behind that. Of the sender's thread.
 */
final class LogSearch {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishLink link;
    private final PublishMonitor monitor;
    private boolean possible = true;
    private String lastEntry = "0-0";

    LogSearch(RedisConnections redis, Namespace namespace, PublishLink link, PublishMonitor monitor) {
        this.redis = redis;
        this.namespace = namespace;
        this.link = link;
        this.monitor = monitor;
    }

    /** Whether the log could be read when it was last tried. */
    boolean isPossible() {
        return possible;
    }

    /** Nothing is on its way: what is sent from now on is behind the entry that is the newest now. */
    void startFromEnd() {
        try {
            lastEntry = link.newestEntry();
            possible = true;
        } catch (JedisDataException e) {
            refused(e);
        }
    }

    /** Goes without the log until the next connection if it may not be read; what else is wrong passes. */
    private void refused(JedisDataException e) {
        StateException failure = redis.errors().answered("reading events:log", e);
        if (failure.reason() != Reason.DENIED && failure.reason() != Reason.INVALID) {
            throw e;
        }
        if (possible) {
            monitor.report(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    "events:log",
                    failure.getMessage()
                            + " A transition that is on its way when the connection breaks cannot be looked for, and"
                            + " will not be sent again.",
                    e);
        }
        possible = false;
    }

    /** A transition is known to stand here; what is unsure from now on can only be behind it. */
    void logged(Logged logged) {
        lastEntry = logged.id();
        redis.given(logged);
    }

    /** Those of these transitions that stand in the log. Two of the same bytes are told apart by their order. */
    Set<PublishItem> find(List<PublishItem> items) {
        Set<PublishItem> found = new LinkedHashSet<>();
        Map<String, Deque<PublishItem>> sought = byFingerprint(items);
        if (sought.isEmpty()) {
            return found;
        }
        List<Logged> entries = new ArrayList<>();
        try {
            link.entriesAfter(lastEntry, entry -> {
                Deque<PublishItem> alike = sought.get(fingerprint(entry));
                PublishItem first = alike == null ? null : alike.poll();
                if (first != null) {
                    found.add(first);
                    entries.add(new Logged(
                            entry.getID().toString(),
                            LogEntry.number(entry.getFields().get("seq"))));
                }
            });
            possible = true;
        } catch (JedisDataException e) {
            refused(e);
            // The document may still show what the log cannot.
        }
        // Only now: if the connection breaks in between, all of them must be looked for again.
        entries.forEach(this::logged);
        return found;
    }

    private Map<String, Deque<PublishItem>> byFingerprint(List<PublishItem> items) {
        Map<String, Deque<PublishItem>> transitions = new HashMap<>();
        for (PublishItem item : items) {
            if (item.isTransition()) {
                transitions
                        .computeIfAbsent(fingerprint(item), ignored -> new ArrayDeque<>())
                        .add(item);
            }
        }
        return transitions;
    }

    private String fingerprint(PublishItem item) {
        if (item instanceof PublishEvent event) {
            return fingerprint(event.channel, event.tail);
        }
        if (item instanceof PublishDocument<?> document && document.write != null) {
            for (Message<?> message : document.write.messages) {
                if (message.isTransition()) {
                    return fingerprint(namespace.channel(message.channel()), message.tail());
                }
            }
        }
        throw new IllegalStateException(item.what() + " tells no transition");
    }

    private static String fingerprint(byte[] channel, byte[] tail) {
        return Namespace.text(channel) + ' ' + Namespace.text(tail);
    }

    /** The log has the revision in front of what we sent, or nothing. */
    private static String fingerprint(StreamEntry entry) {
        String event = entry.getFields().getOrDefault("event", "");
        int start = event.startsWith("{\"rev\":") ? event.indexOf(',') + 1 : Math.min(1, event.length());
        return entry.getFields().getOrDefault("channel", "") + ' ' + event.substring(start);
    }
}
