package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Publication;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.function.Supplier;
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
        PreparedWrite prepared = prepare(write);
        return prepared.done(redis.runWrite(prepared, prepared.safety(), prepared::exchange));
    }

    /** As {@link #write}. */
    public Step<DocumentWrite.Result> writing(DocumentWrite<?> write) {
        PreparedWrite prepared = prepare(write);
        return writing(prepared, prepared.first()).map(prepared::done);
    }

    private static Step<byte[]> writing(PreparedWrite prepared, Script.Call call) {
        Round round = Round.writing(prepared.what(), prepared.safety());
        Supplier<Object> reply = round.call(call);
        return round.then(() -> {
            try {
                return Step.done((byte[]) reply.get());
            } catch (JedisDataException e) {
                if (PreparedWrite.isAbsent(e)) {
                    return writing(prepared, prepared.anew());
                }
                throw e;
            }
        });
    }

    /** What a write sends, and how its answer is read. Encodes the document. */
    public PreparedWrite prepare(DocumentWrite<?> write) {
        // Whoever expects something takes over, or starts: the lease begins anew.
        boolean renew = !write.expect.isEmpty() || write.timeToLive != null || renewals.isDue(write);
        return new PreparedWrite(write, new WriteArguments(write, namespace, redis.lastSeq()), renew, redis, renewals);
    }

    /** Gives the document its full time to live again, and changes nothing else. Nothing if there is none. */
    public void renew(Key<? extends Document> key) {
        redis.perform(renewing(key));
    }

    /** As {@link #renew}; comes to 1, or to 0 if there is none. */
    public Step<Long> renewing(Key<? extends Document> key) {
        Round round = Round.writing("renewing " + key, Safety.IDEMPOTENT);
        Supplier<Long> renewed = round.ask(RedisConnections.commands()
                .pexpire(namespace.key(key), key.kind().ttl().orElseThrow().toMillis()));
        return round.then(() -> Step.done(renewed.get()));
    }

    /** Logs and publishes a transition that belongs to no document. */
    public <E extends Event> Publication append(Channel<E> channel, E event) {
        return redis.perform(appending(channel, event));
    }

    /** As {@link #append}. */
    public <E extends Event> Step<Publication> appending(Channel<E> channel, E event) {
        List<byte[]> keys = WriteArguments.appendKeys(namespace);
        List<byte[]> arguments = WriteArguments.append(new Message<>(channel, event), namespace, redis.lastSeq());
        Round round = Round.writing("publishing " + event.type() + " on " + channel, Safety.ONCE);
        Supplier<String> reply = round.run(new Script.Call(APPEND, keys, arguments));
        return round.then(() -> Step.done(appended(reply.get())));
    }

    private Publication appended(String reply) {
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
        return redis.perform(publishing(channel, event));
    }

    /** As {@link #publish}. */
    public <E extends Event> Step<Publication> publishing(Channel<E> channel, E event) {
        Round round = Round.changing("publishing " + event.type() + " on " + channel, Safety.IDEMPOTENT);
        Supplier<Long> receivers = round.ask(RedisConnections.commands()
                .publish(namespace.channel(channel), new Message<>(channel, event).checkedJson()));
        return round.then(() -> Step.done(new Publication(null, receivers.get())));
    }
}
