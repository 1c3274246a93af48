package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Stores a document and publishes its events in one atomic step and one round trip. Thread-safe.
 *
 * <p>The layout of the scripts' arguments is written at their heads ({@code write.lua}, {@code append.lua}).
 */
public final class DocumentWriter {
    private static final Script WRITE = Script.named("write.lua");
    private static final Script APPEND = Script.named("append.lua");
    private static final byte[] YES = bytes("1");
    private static final byte[] NO = bytes("0");
    private static final byte[] NOTHING = bytes("");
    private static final byte[] TRANSITION = bytes("t");
    private static final byte[] POSITION = bytes("p");

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Renewals renewals = new Renewals(System::nanoTime);

    public DocumentWriter(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** Writes; see {@link DocumentWrite}. */
    public DocumentWrite.Result write(DocumentWrite<?> write) {
        boolean renew = renewals.isDue(write);
        List<byte[]> keys = keys(write);
        List<byte[]> arguments = arguments(write, renew);
        Safety safety = write.tellsTransition() || !write.expect.isEmpty() ? Safety.ONCE : Safety.IDEMPOTENT;
        List<?> reply = run("writing " + write.key, safety, WRITE, keys, arguments);
        if (renew) {
            renewals.done(write);
        }
        reportNote(write.key.name(), reply.get(2));
        List<String> eventIds = new ArrayList<>();
        for (Object id : reply.subList(3, reply.size())) {
            eventIds.add(string(id));
        }
        return new DocumentWrite.Result(Long.parseLong(string(reply.get(0))), eventIds);
    }

    /** Logs and publishes a transition that belongs to no document. Returns its id. */
    public <E extends Event> String append(Channel<E> channel, E event) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(namespace.channel(channel));
        arguments.add(new Message<>(channel, event).tail());
        addLimits(arguments, Keys.EVENTS_LOG);
        List<?> reply = run(
                "publishing " + event.type() + " on " + channel,
                Safety.ONCE,
                APPEND,
                List.of(namespace.key(Keys.eventsLog())),
                arguments);
        reportNote(Keys.eventsLog().name(), reply.get(1));
        return string(reply.get(0));
    }

    /** Publishes a position that belongs to no document. */
    public <E extends Event> void publish(Channel<E> channel, E event) {
        redis.call(
                "publishing " + event.type() + " on " + channel,
                Safety.IDEMPOTENT,
                RedisConnections.commands().publish(namespace.channel(channel), StateJson.write(event)));
    }

    private List<?> run(String what, Safety safety, Script script, List<byte[]> keys, List<byte[]> arguments) {
        return (List<?>) redis.run(what, safety, connection -> {
            try {
                return connection.executeCommand(RedisConnections.commands().evalsha(script.sha1(), keys, arguments));
            } catch (JedisNoScriptException e) {
                // A Redis that has just started does not know the script; nothing was done.
                return connection.executeCommand(RedisConnections.commands().eval(script.text(), keys, arguments));
            }
        });
    }

    private List<byte[]> keys(DocumentWrite<?> write) {
        List<byte[]> keys = new ArrayList<>(4);
        keys.add(namespace.key(write.key));
        keys.add(namespace.key(index(write.key).of()));
        if (write.history != null || write.tellsTransition()) {
            keys.add(namespace.key(Keys.eventsLog()));
        }
        if (write.history != null) {
            keys.add(namespace.key(Keys.strokeHistory(write.key.id())));
        }
        return keys;
    }

    private List<byte[]> arguments(DocumentWrite<?> write, boolean renew) {
        KeyKind<?> kind = write.key.kind();
        Document document = write.value;
        List<byte[]> arguments = new ArrayList<>(32);
        arguments.add(bytes(kind.documentField().orElseThrow()));
        arguments.add(StateJson.write(document));
        arguments.add(bytes(WireTime.format(WireTime.now())));
        arguments.add(millis(kind.ttl().orElseThrow()));
        arguments.add(renew ? YES : NO);
        arguments.add(bytes(write.expect));
        DocumentWrite.Fence fence = write.fence;
        arguments.add(fence == null ? NOTHING : bytes(Long.toString(fence.token())));
        arguments.add(fence == null ? NO : millis(fence.lease()));
        arguments.add(bytes(write.key.id()));
        arguments.add(bytes(Integer.toString(write.messages.size())));
        for (Message<?> message : write.messages) {
            arguments.add(namespace.channel(message.channel()));
            arguments.add(message.isTransition() ? TRANSITION : POSITION);
            arguments.add(message.tail());
        }
        if (write.history != null || write.tellsTransition()) {
            addLimits(arguments, Keys.EVENTS_LOG);
        }
        if (write.history != null) {
            addLimits(arguments, Keys.STROKE_HISTORY);
            HistoryFields.add(arguments, write.history);
        }
        return arguments;
    }

    private static KeyKind<Void> index(Key<?> key) {
        return key.kind().index().orElseThrow(() -> new IllegalStateException(key + " is in no index"));
    }

    private static void addLimits(List<byte[]> arguments, KeyKind<Void> stream) {
        arguments.add(bytes(Long.toString(stream.maxLength().orElseThrow())));
        arguments.add(millis(stream.ttl().orElseThrow()));
    }

    private static byte[] millis(Duration duration) {
        return bytes(Long.toString(duration.toMillis()));
    }

    private void reportNote(String source, @Nullable Object note) {
        String text = note == null ? "" : string(note);
        if (!text.isEmpty()) {
            redis.options()
                    .problemListener()
                    .accept(new Problem(
                            Problem.Kind.SIDE_EFFECT_FAILED,
                            source,
                            "stored and published, but its history or its time to live was not: " + text,
                            null));
        }
    }

    private static String string(Object reply) {
        return text((byte[]) reply);
    }

    /**
     * When time to live, lease and index entry were last renewed, by key. They are renewed well before they run out, not with
     * every write, which would cost as much as the write itself.
     */
    static final class Renewals {
        /** A tool that writes many keys must not grow without bound; forgetting costs one renewal each. */
        private static final int MOST = 10_000;

        private static final Duration LONGEST = Duration.ofSeconds(30);

        private final LongSupplier nanoTime;
        private final Map<Key<?>, Long> last = new ConcurrentHashMap<>();

        Renewals(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        boolean isDue(DocumentWrite<?> write) {
            Long before = last.get(write.key);
            boolean ends = write.fence != null && write.fence.ends();
            return before == null
                    || ends
                    || nanoTime.getAsLong() - before >= interval(write).toNanos();
        }

        void done(DocumentWrite<?> write) {
            if (write.fence != null && write.fence.ends()) {
                last.remove(write.key);
                return;
            }
            if (last.size() >= MOST) {
                last.clear();
            }
            last.put(write.key, nanoTime.getAsLong());
        }

        /** A tenth of the time to live, a third of the lease, at most half a minute. */
        private static Duration interval(DocumentWrite<?> write) {
            Duration interval = write.key.kind().ttl().orElseThrow().dividedBy(10);
            if (write.fence != null && write.fence.lease().dividedBy(3).compareTo(interval) < 0) {
                interval = write.fence.lease().dividedBy(3);
            }
            return interval.compareTo(LONGEST) < 0 ? interval : LONGEST;
        }
    }

    /** The fields of a history entry. */
    private static final class HistoryFields {
        private HistoryFields() {}

        static void add(List<byte[]> arguments, StrokeProgress position) {
            add(arguments, "stroke_idx", Integer.toString(position.strokeIdx()));
            add(arguments, "pose_idx", Integer.toString(position.poseIdx()));
            add(arguments, "description_l", position.strokeDescriptionL());
            add(arguments, "description_r", position.strokeDescriptionR());
            add(arguments, "node_id", position.nodeId());
            add(arguments, "timestamp", WireTime.format(position.timestamp()));
            add(arguments, "is_executing", Boolean.toString(position.isExecuting()));
            add(arguments, "is_paused", Boolean.toString(position.isPaused()));
            add(arguments, "offset_idx_l", Integer.toString(position.offsetIdxL()));
            add(arguments, "offset_idx_r", Integer.toString(position.offsetIdxR()));
        }

        private static void add(List<byte[]> arguments, String field, String value) {
            arguments.add(bytes(field));
            arguments.add(bytes(value));
        }
    }
}
