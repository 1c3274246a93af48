package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Sends a batch in one flush and then reads the replies, one for each item. Of the sender's thread. */
final class PublishPipeline {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishLink link;
    private final Renewals renewals;
    private final PublishReplies replies;
    private final UnsureItems unsure;

    PublishPipeline(
            RedisConnections redis,
            Namespace namespace,
            PublishLink link,
            Renewals renewals,
            PublishReplies replies,
            UnsureItems unsure) {
        this.redis = redis;
        this.namespace = namespace;
        this.link = link;
        this.renewals = renewals;
        this.replies = replies;
        this.unsure = unsure;
    }

    /**
     * Sends a batch and deals with the replies. However it ends, what was not answered, or not understandably, is unsure.
     *
     * @return why Redis takes nothing for now; null if it does
     */
    @Nullable
    Reason exchange(List<PublishItem> batch) {
        int answered = 0;
        Reason hold = null;
        try {
            batch.forEach(this::send);
            while (answered < batch.size()) {
                Answer answer = receive();
                Reason reason = handle(batch.get(answered), answer);
                answered++;
                hold = reason == null ? hold : reason;
            }
            link.done();
        } finally {
            unsure.addAll(batch.subList(answered, batch.size()));
        }
        return hold;
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

    private Answer receive() {
        try {
            return new Answer(link.receive(), null);
        } catch (JedisDataException e) {
            return new Answer("", e);
        }
    }

    private @Nullable Reason handle(PublishItem item, Answer answer) {
        if (answer.error() != null) {
            return replies.refused(item, answer.error());
        }
        replies.stored(item, answer.reply());
        return null;
    }

    /**
     * What Redis answered.
     *
     * @param error why it refused; null if it did not, and then there is a reply
     */
    private record Answer(String reply, @Nullable JedisDataException error) {}
}
