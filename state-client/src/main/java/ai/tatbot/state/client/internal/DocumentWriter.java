package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Publication;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Stores a document and publishes its events in one atomic step and one round trip. Thread-safe.
 *
 * <p>Why by these scripts: docs/decisions/0001-atomic-write.md.
 */
public final class DocumentWriter {
    static final Script UPDATE = Script.of("refuse.lua", "update.lua");
    static final Script WRITE = Script.of("refuse.lua", "log.lua", "write.lua");
    static final Script APPEND = Script.of("refuse.lua", "log.lua", "append.lua");

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Renewals renewals = new Renewals(System::nanoTime);

    public DocumentWriter(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** Writes; see {@link DocumentWrite}. */
    public DocumentWrite.Result write(DocumentWrite<?> write) {
        // Whoever expects something takes over, or starts: the lease begins anew.
        boolean renew = !write.expect.isEmpty() || write.timeToLive != null || renewals.isDue(write);
        WriteArguments arguments = new WriteArguments(write, namespace, redis.lastSeq());
        boolean repeatable = !write.tellsTransition() && write.expect.isEmpty();
        WriteReply reply = redis.runWrite(
                write,
                repeatable ? Safety.IDEMPOTENT : Safety.ONCE,
                exchange -> renew || !write.isOnePosition()
                        ? write(exchange, arguments, renew)
                        : update(exchange, arguments));
        if (write.timeToLive == null && (renew || reply.created())) {
            renewals.done(write);
        }
        reply.reportNote(redis, write.key.name());
        if (reply.logged().isEmpty()) {
            return new DocumentWrite.Result(reply.revision(), List.of());
        }
        reply.logged().forEach(redis::given);
        return new DocumentWrite.Result(
                reply.revision(), reply.logged().stream().map(Logged::id).toList());
    }

    private static WriteReply update(Exchange exchange, WriteArguments arguments) {
        try {
            return WriteReply.read(run(exchange, UPDATE, arguments.updateKeys(), arguments.update()));
        } catch (JedisDataException e) {
            if (String.valueOf(e.getMessage()).startsWith("ABSENT")) {
                // The key is gone, expired or lost with its Redis: nothing was done, and the longer script makes it
                // anew.
                return write(exchange, arguments, true);
            }
            throw e;
        }
    }

    private static WriteReply write(Exchange exchange, WriteArguments arguments, boolean renew) {
        return WriteReply.read(run(exchange, WRITE, arguments.writeKeys(), arguments.write(renew)));
    }

    /** Gives the document its full time to live again, and changes nothing else. Nothing if there is none. */
    public void renew(Key<? extends Document> key) {
        redis.runWrite(
                "renewing " + key,
                Safety.IDEMPOTENT,
                exchange -> exchange.execute(RedisConnections.commands()
                        .pexpire(
                                namespace.key(key),
                                key.kind().ttl().orElseThrow().toMillis())));
    }

    /** Logs and publishes a transition that belongs to no document. */
    public <E extends Event> Publication append(Channel<E> channel, E event) {
        List<byte[]> keys = WriteArguments.appendKeys(namespace);
        List<byte[]> arguments = WriteArguments.append(new Message<>(channel, event), namespace, redis.lastSeq());
        String reply = redis.runWrite(
                "publishing " + event.type() + " on " + channel,
                Safety.ONCE,
                exchange -> text(run(exchange, APPEND, keys, arguments)));
        int end = reply.indexOf('\n');
        if (end >= 0) {
            WriteReply.reportNote(redis, Keys.eventsLog().name(), reply.substring(end + 1));
        }
        String[] words = (end < 0 ? reply : reply.substring(0, end)).split(" ", -1);
        Logged logged = Logged.parse(words[0]);
        redis.given(logged);
        return new Publication(logged.id(), Long.parseLong(words[1]));
    }

    /** Publishes a position that belongs to no document. */
    public <E extends Event> Publication publish(Channel<E> channel, E event) {
        long receivers = redis.call(
                "publishing " + event.type() + " on " + channel,
                Safety.IDEMPOTENT,
                RedisConnections.commands()
                        .publish(namespace.channel(channel), new Message<>(channel, event).checkedJson()));
        return new Publication(null, receivers);
    }

    private static byte[] run(Exchange exchange, Script script, List<byte[]> keys, List<byte[]> arguments) {
        return (byte[]) script.run(exchange, keys, arguments);
    }
}
