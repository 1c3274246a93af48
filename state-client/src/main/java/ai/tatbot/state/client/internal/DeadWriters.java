package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says which sessions have a dead writer, and how they are ended. Not thread-safe.
 *
 * <p>With a lease: it has run out, and so would have one that was renewed after the last outage. Without, which is an older
 * node's: its document has stayed as it is for long, before the eyes of this reaper and by Redis' clock. The time in it says
 * nothing: that clock may be wrong, and not every tool sets it anew.
 */
final class DeadWriters {
    private static final Script REAP = Script.of("refuse.lua", "log.lua", "turns.lua", "reap.lua");

    private final Namespace namespace;
    private final long leaseMillis;
    private final long abandonedMillis;

    /** Sessions without a lease, by id. */
    private final Map<String, Unchanged> silent = new HashMap<>();

    DeadWriters(Namespace namespace, Duration lease, Duration abandonedAfter) {
        this.namespace = namespace;
        this.leaseMillis = lease.toMillis();
        this.abandonedMillis = abandonedAfter.toMillis();
    }

    /**
     * How those sessions are ended whose writer is dead.
     *
     * @param executing every session that is executing
     * @param now time of Redis
     * @param lastSeq highest number in {@code events:log} that this writer was given, 0 for none
     */
    List<Script.Call> reap(List<StoredSession> executing, Instant now, Contact contact, long lastSeq) {
        if (contact.isNew()) {
            silent.clear();
        }
        Map<String, Unchanged> before = new HashMap<>(silent);
        silent.clear();
        List<Script.Call> calls = new ArrayList<>();
        for (StoredSession session : executing) {
            if (session.hasLease()) {
                if (session.leaseUntil() < now.toEpochMilli() && contact.heldMillis() >= leaseMillis) {
                    calls.add(end(session, SessionEndReason.INTERRUPTED, now, lastSeq));
                }
            } else if (isAbandoned(session, before, now)) {
                calls.add(end(session, SessionEndReason.ABANDONED, now, lastSeq));
            }
        }
        return calls;
    }

    private boolean isAbandoned(StoredSession session, Map<String, Unchanged> before, Instant now) {
        String id = session.key().id();
        Unchanged known = before.get(id);
        if (known == null || !known.identity.equals(session.identity())) {
            known = new Unchanged(session.identity(), now.toEpochMilli());
        }
        silent.put(id, known);
        return now.toEpochMilli() - known.sinceMillis >= abandonedMillis;
    }

    private Script.Call end(StoredSession session, SessionEndReason reason, Instant now, long lastSeq) {
        String id = session.key().id();
        StrokeProgress ended = session.progress().toBuilder()
                .isExecuting(false)
                .isPaused(false)
                .timestamp(now)
                .build();
        SessionEnd event = SessionEvents.end(id, ended, reason);
        List<byte[]> arguments = new ArrayList<>(List.of(
                bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow()),
                StateJson.write(ended),
                bytes(WireTime.format(now)),
                WriteArguments.ttl(Keys.STROKE_PROGRESS),
                bytes(session.identity()),
                namespace.channel(Channels.STROKE_SESSION),
                new Message<>(Channels.STROKE_SESSION, event).tail(),
                WriteArguments.length(Keys.EVENTS_LOG),
                WriteArguments.ttl(Keys.EVENTS_LOG),
                WriteArguments.length(Keys.STROKE_HISTORY),
                WriteArguments.ttl(Keys.STROKE_HISTORY),
                bytes(Long.toString(lastSeq))));
        WriteArguments.addHistory(arguments, ended);
        return new Script.Call(
                REAP,
                List.of(
                        namespace.key(session.key()),
                        namespace.key(Keys.eventsLog()),
                        namespace.key(Keys.strokeHistory(id))),
                arguments);
    }

    /** A document, and since when it has been seen as it is, by Redis' time. */
    private record Unchanged(String identity, long sinceMillis) {}
}
