package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.WatchStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a watch. Whoever tells them, or adds one, holds the lock of the watch, so that all are told the same in the
 * same order; nothing here waits for a listener.
 */
final class WatchConsumers {
    private final RedisConnections redis;
    private final EventLog log;
    private final TransitionDecoder decoder;
    private final WatchScope scope;
    private final List<WatchConsumer> consumers = new CopyOnWriteArrayList<>();

    WatchConsumers(RedisConnections redis, EventLog log, TransitionDecoder decoder, WatchScope scope) {
        this.redis = redis;
        this.log = log;
        this.decoder = decoder;
        this.scope = scope;
    }

    /** For a listener that is not told of anything yet. */
    WatchConsumer consumer(WatchListener listener) {
        return new WatchConsumer(
                redis, log, decoder, scope.toString(), scope.isEverything(), listener, consumers::remove);
    }

    /** From here on it is told of everything. */
    void add(WatchConsumer consumer) {
        consumers.add(consumer);
    }

    void tell(StateChange<?> change) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(change);
        }
    }

    void tell(WatchStatus status) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(status);
        }
    }

    /**
     * @param logged where the log stood before this transition; null if it is in no log
     */
    void tell(StateTransition transition, @Nullable LogCursor logged) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(transition, logged);
        }
    }

    /**
     * @param before id of the entry of the log that comes after what is lost
     */
    void tellLost(long count, String reason, String before) {
        LostTransitions lost = new LostTransitions(count, scope.isEverything(), reason);
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(lost, before);
        }
    }

    /** Tells them the last condition and ends them, without waiting, and returns them. Takes no lock. */
    List<WatchConsumer> end(WatchStatus last) {
        List<WatchConsumer> ended = List.copyOf(consumers);
        ended.forEach(consumer -> consumer.end(last));
        return ended;
    }
}
