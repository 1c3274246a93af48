package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.RawListener;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Shown;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The subscriptions of one manager: decodes what arrives, and closes them with it. Thread-safe. */
public final class Subscriptions implements AutoCloseable {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

    public Subscriptions(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /** Listens to one channel. */
    public <E extends Event> Subscription open(Channel<E> channel, Consumer<? super E> listener) {
        return track(EventStream.open(
                redis, channel.name(), false, decoder(channel.kind(), listener), namespace.channel(channel)));
    }

    /** Listens to all channels of a kind. */
    public <E extends Event> Subscription open(ChannelKind<E> kind, Consumer<? super E> listener) {
        return track(EventStream.open(redis, kind.pattern(), true, decoder(kind, listener), namespace.pattern(kind)));
    }

    /** Listens to these channels and patterns over one connection, and hands over what arrives as it is, and what was missed in an outage. */
    public Subscription openRaw(Collection<String> channels, RawListener listener) {
        List<String> distinct = channels.stream().distinct().toList();
        if (distinct.isEmpty()) {
            throw new InvalidValueException("at least one channel is needed to listen to");
        }
        return track(EventStream.open(
                redis,
                String.join(", ", distinct),
                true,
                new RawCatchUp(redis, namespace, distinct, listener),
                distinct.stream().map(namespace::pattern).toArray(byte[][]::new)));
    }

    private Subscription track(EventStream stream) {
        open.removeIf(known -> known.condition() == Subscription.Condition.CLOSED);
        open.add(stream);
        if (redis.isClosed()) {
            // The manager was closed at this moment, and may not have seen this one.
            stream.close();
            throw RedisConnections.closedException();
        }
        return stream;
    }

    private <E extends Event> EventStream.Listener decoder(ChannelKind<E> kind, Consumer<? super E> listener) {
        return (channel, message) -> {
            String name = namespace.strip(Namespace.text(channel));
            E event;
            try {
                if (kind.parse(name).isEmpty()) {
                    throw new InvalidValueException("no channel of the schema; expected " + kind);
                }
                if (message.length > Message.LONGEST) {
                    throw new InvalidValueException(
                            "an event must have at most " + Message.LONGEST + " bytes, has " + message.length);
                }
                event = kind.read(message);
            } catch (InvalidValueException e) {
                // A name outside the schema may hold anything, and the source of a problem is safe to log.
                String source = kind.parse(name).isPresent() ? name : Shown.text(name);
                redis.report(new Problem(Problem.Kind.INVALID_EVENT, source, e.getMessage() + "; passed over", e));
                return;
            }
            listener.accept(event);
        };
    }

    @Override
    public void close() {
        open.forEach(EventStream::close);
        open.clear();
    }
}
