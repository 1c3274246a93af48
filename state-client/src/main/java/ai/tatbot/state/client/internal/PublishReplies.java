package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Decides by Redis' reply what becomes of an item: it is settled, sent again, or looked into. Of the sender's thread. */
final class PublishReplies {
    /** How often a write may meet a document that has changed, until its session counts as lost. */
    private static final int MOST_CONFLICTS = 5;

    private final RedisConnections redis;
    private final PublishBacklog backlog;
    private final UnsureItems unsure;
    private final Settlement settlement;
    private final LogSearch log;
    private final Renewals renewals;
    private final Refusals refusals;
    private final PublishMonitor monitor;

    PublishReplies(
            RedisConnections redis,
            PublishBacklog backlog,
            UnsureItems unsure,
            Settlement settlement,
            LogSearch log,
            Renewals renewals,
            Refusals refusals,
            PublishMonitor monitor) {
        this.redis = redis;
        this.backlog = backlog;
        this.unsure = unsure;
        this.settlement = settlement;
        this.log = log;
        this.renewals = renewals;
        this.refusals = refusals;
        this.monitor = monitor;
    }

    /** Deals with what a script replied. */
    void stored(PublishItem item, byte[] reply) {
        if (item instanceof PublishEvent) {
            appended(item, Namespace.text(reply));
        } else if (item instanceof PublishDocument<?> document && document.write != null) {
            WriteReply parsed = WriteReply.read(reply);
            parsed.reportNote(redis, item.source());
            if (document.anew || parsed.created()) {
                renewals.done(document.write);
            }
            parsed.logged().forEach(log::logged);
        }
        refusals.end();
        settlement.stored(item);
    }

    private void appended(PublishItem item, String reply) {
        int end = reply.indexOf('\n');
        if (end >= 0) {
            WriteReply.reportNote(redis, item.source(), reply.substring(end + 1));
        }
        Logged.in(reply).forEach(log::logged);
    }

    /** Deals with an error. Returns why Redis takes nothing for now, or null. */
    @Nullable
    Reason refused(PublishItem item, JedisDataException error) {
        String text = String.valueOf(error.getMessage());
        if (text.startsWith("NOSCRIPT")) {
            backlog.putBack(item);
            return null;
        }
        if (item instanceof PublishDocument<?> document && outdated(document, text, error)) {
            return null;
        }
        StateException failure = redis.errors().answered(item.what(), error);
        monitor.failed(failure);
        return switch (failure.reason()) {
            case OUT_OF_MEMORY, READ_ONLY, BUSY, UNAVAILABLE -> {
                refusedForNow(item, failure);
                yield failure.reason();
            }
            default -> {
                refusedForGood(item, failure);
                yield null;
            }
        };
    }

    /** Deals with it if the stored document is not what was taken for granted; false if the error says something else. */
    private boolean outdated(PublishDocument<?> document, String text, JedisDataException error) {
        if (text.startsWith("ABSENT")) {
            // The key is gone: the longer script makes it anew.
            document.anew = true;
            backlog.putBack(document);
            return true;
        }
        if (text.startsWith("CONFLICT") && ++document.conflicts <= MOST_CONFLICTS) {
            document.key.unlearn();
            unsure.add(document);
            return true;
        }
        if (text.startsWith("FENCED") || text.startsWith("CONFLICT")) {
            settlement.lose(document, redis.errors().answered(document.what(), error));
            return true;
        }
        return false;
    }

    private void refusedForNow(PublishItem item, StateException failure) {
        backlog.putBack(item);
        if (monitor.mayTell(failure.reason() + item.source())) {
            monitor.report(
                    Problem.Kind.NOT_PUBLISHED,
                    item.source(),
                    failure.getMessage() + " It is kept and tried again, as are all transitions.",
                    failure);
        }
    }

    private void refusedForGood(PublishItem item, StateException failure) {
        boolean tell = item.isTransition() || monitor.mayTell(failure.reason() + item.source());
        settlement.drop(item, tell ? failure.getMessage() + " It was dropped." : null, failure);
    }
}
