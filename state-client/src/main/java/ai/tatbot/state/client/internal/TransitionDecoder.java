package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventClass;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Shown;
import java.util.Optional;

/** Reads transitions from entries of {@code events:log}, and says which belong to a watch. Thread-safe. */
final class TransitionDecoder {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final WatchScope scope;

    TransitionDecoder(RedisConnections redis, Namespace namespace, WatchScope scope) {
        this.redis = redis;
        this.namespace = namespace;
        this.scope = scope;
    }

    /** The transition of an entry, if it is in the scope. One that cannot be read is reported, and passed over. */
    Optional<StateTransition> decode(LogEntry entry) {
        String name = namespace.strip(entry.channel());
        Optional<Channel<? extends Event>> channel = Channels.parse(name);
        try {
            Event event = channel.orElseThrow(() -> new InvalidValueException("no channel of the schema"))
                    .read(published(entry));
            return isTransition(channel.get(), event) && includes(event)
                    ? Optional.of(new StateTransition(channel.get(), event, true))
                    : Optional.empty();
        } catch (InvalidValueException e) {
            redis.report(new Problem(
                    Problem.Kind.INVALID_EVENT,
                    channel.isPresent() ? name : Shown.text(name),
                    e.getMessage() + "; entry " + entry.id() + " of the log is passed over",
                    e));
            return Optional.empty();
        }
    }

    static boolean isTransition(Channel<?> channel, Event event) {
        return channel.kind().eventType(event.type()).eventClass() == EventClass.TRANSITION;
    }

    /** Whether an event belongs to the scope. */
    boolean includes(Event event) {
        if (scope.isEverything()) {
            return true;
        }
        Key<?> subject = Subjects.of(event);
        return subject != null && scope.includes(subject);
    }

    /** The event as it was published: the log keeps its id and numbers beside it. */
    static byte[] published(LogEntry entry) {
        String event = entry.event();
        if (!event.startsWith("{")) {
            return Namespace.bytes(event);
        }
        String head = "{\"event_id\":\"" + entry.id() + "\""
                + (entry.seq() > 0 ? ",\"seq\":" + entry.seq() : "")
                + (entry.seqLost() > 0 ? ",\"seq_lost\":" + entry.seqLost() : "");
        return Namespace.bytes(head + (event.startsWith("{}") ? "" : ",") + event.substring(1));
    }
}
