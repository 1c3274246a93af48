package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.RawListener;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
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
                redis,
                namespace,
                channel.name(),
                false,
                channel.name()::equals,
                decoder(channel.kind(), listener),
                namespace.channel(channel)));
    }

    /** Listens to all channels of a kind. */
    public <E extends Event> Subscription open(ChannelKind<E> kind, Consumer<? super E> listener) {
        return track(EventStream.open(
                redis,
                namespace,
                kind.pattern(),
                true,
                name -> kind.parse(name).isPresent(),
                decoder(kind, listener),
                namespace.pattern(kind)));
    }

    /** Listens to these channels and patterns over one connection, and hands over what arrives as it is, and what was missed in an outage. */
    public Subscription openRaw(Collection<String> channels, RawListener listener) {
        List<String> distinct = channels.stream().distinct().toList();
        if (distinct.isEmpty()) {
            throw new InvalidValueException("at least one channel is needed to listen to");
        }
        return track(EventStream.open(
                redis,
                namespace,
                String.join(", ", distinct),
                true,
                name -> covers(distinct, name),
                new Wire(listener),
                distinct.stream().map(namespace::pattern).toArray(byte[][]::new)));
    }

    /** Whether one of these, names or the patterns of kinds, covers a channel. */
    private static boolean covers(List<String> channels, String name) {
        return channels.contains(name)
                || Channels.parse(name)
                        .map(channel -> channels.contains(channel.kind().pattern()))
                        .orElse(false);
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
        return new Decoder<>(kind, listener);
    }

    @Override
    public void close() {
        open.forEach(EventStream::close);
        open.clear();
    }

    /** Decodes for a listener to one kind of channel. */
    private final class Decoder<E extends Event> implements EventStream.Listener {
        private final ChannelKind<E> kind;
        private final Consumer<? super E> listener;

        Decoder(ChannelKind<E> kind, Consumer<? super E> listener) {
            this.kind = kind;
            this.listener = listener;
        }

        @Override
        public void onMessage(byte[] channel, byte[] message) {
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
        }

        @Override
        public void onLost(LostTransitions lost) {
            redis.report(new Problem(
                    Problem.Kind.TRANSITIONS_LOST,
                    kind.toString(),
                    lost.count() + " transitions, of these or other channels, are lost: " + lost.reason(),
                    null));
        }
    }

    /** Hands over as it is. */
    private final class Wire implements EventStream.Listener {
        private final RawListener listener;

        Wire(RawListener listener) {
            this.listener = listener;
        }

        @Override
        public void onMessage(byte[] channel, byte[] message) {
            listener.onMessage(namespace.strip(Namespace.text(channel)), message);
        }

        @Override
        public void onCaughtUp(byte[] channel, byte[] message) {
            listener.onCaughtUp(namespace.strip(Namespace.text(channel)), message);
        }

        @Override
        public void onLost(LostTransitions lost) {
            listener.onLost(lost);
        }
    }
}
