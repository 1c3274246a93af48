package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Sends batches, each in one flush, and reads the replies, one for each item. A batch is sent while answers of those before it are
 * still to come, so that Redis has something to do while the next one is made. Of the sender's thread.
 */
final class PublishPipeline {
    /** How many answers are read, if there are as many, before it is worth while to see what can be sent besides. */
    private static final int STEP = 16;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishLink link;
    private final PublishWindow window;
    private final Renewals renewals;
    private final PublishReplies replies;
    private final UnsureItems unsure;

    PublishPipeline(
            RedisConnections redis,
            Namespace namespace,
            PublishLink link,
            PublishWindow window,
            Renewals renewals,
            PublishReplies replies,
            UnsureItems unsure) {
        this.redis = redis;
        this.namespace = namespace;
        this.link = link;
        this.window = window;
        this.renewals = renewals;
        this.replies = replies;
        this.unsure = unsure;
    }

    /** Sends a batch, and waits for no answer. However it ends, the batch is under way. */
    void send(List<PublishItem> batch) {
        window.addAll(batch);
        batch.forEach(this::send);
        link.flush();
    }

    /**
     * Reads answers and deals with them, until there is room for a batch that is worth its flush; until none is to come if one is a
     * refusal, so that it is known what was stored when something is sent again.
     *
     * @return why Redis takes nothing for now; null if it does
     */
    @Nullable
    Reason receive() {
        Reason hold = null;
        int left = Math.max(0, Math.min(window.size() - STEP, PublishWindow.MOST / 2));
        while (window.size() > left) {
            PublishItem item = window.first();
            JedisDataException refusal = answer(item);
            if (refusal != null) {
                left = 0;
                Reason reason = replies.refused(item, refusal);
                hold = reason == null ? hold : reason;
            }
            window.answered();
        }
        return hold;
    }

    /** The connection is no more: what was not answered, or not understandably, is unsure. */
    void abandon() {
        unsure.addAll(window.items());
        window.clear();
    }

    private void send(PublishItem item) {
        if (item instanceof PublishEvent event) {
            link.send(
                    DocumentWriter.APPEND,
                    WriteArguments.appendKeys(namespace),
                    WriteArguments.append(event.channel, event.tail, redis.lastSeq()));
        } else if (item instanceof PublishDocument<?> document
                && document.write != null
                && document.arguments != null) {
            send(document, document.write, document.arguments);
        }
    }

    private void send(PublishDocument<?> document, DocumentWrite<?> write, WriteArguments arguments) {
        boolean renew = document.anew || renewals.isDue(write);
        if (renew || !write.isOnePosition()) {
            link.send(DocumentWriter.WRITE, arguments.writeKeys(), arguments.write(renew));
        } else {
            link.send(DocumentWriter.UPDATE, arguments.updateKeys(), arguments.update());
        }
        document.anew = renew;
        document.tried = true;
        document.arguments = null;
    }

    /** Reads the next answer; deals with it if it was stored, else returns why it was not. */
    private @Nullable JedisDataException answer(PublishItem item) {
        byte[] reply;
        try {
            reply = link.receive();
        } catch (JedisDataException e) {
            return e;
        }
        replies.stored(item, reply);
        return null;
    }
}
