package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a watch listens to, and what the messages that come mean. Takes no lock: only the thread of the feed hands them in. */
final class WatchIntake {
    /** Names of channels are remembered with what they mean; whoever publishes on ever new ones must not fill the memory. */
    private static final int MOST_CHANNELS = 10_000;

    private static final String KEY_EVENT = "__keyevent@";
    private static final List<String> KEY_EVENTS = List.of("del", "expired", "evicted", "rename_from");

    private final RedisConnections redis;
    private final Namespace namespace;
    private final WatchScope scope;
    private final Observer observer;
    private final Map<String, Channel<? extends Event>> channels = new ConcurrentHashMap<>();

    WatchIntake(RedisConnections redis, Namespace namespace, WatchScope scope, Observer observer) {
        this.redis = redis;
        this.namespace = namespace;
        this.scope = scope;
        this.observer = observer;
    }

    /** A feed of everything that may tell of what is in the scope, not yet running. */
    Feed feed(Duration pulseEvery, Feed.Observer ears) {
        List<byte[]> names = new ArrayList<>();
        List<byte[]> patterns = new ArrayList<>();
        for (ChannelKind<? extends Event> kind : kinds()) {
            if (kind.parameterNames().isEmpty()) {
                names.add(namespace.channel(kind.of()));
            } else if (scope.key().isPresent()) {
                names.add(namespace.channel(kind.of(scope.key().get().id())));
            } else {
                patterns.add(namespace.pattern(kind));
            }
        }
        List<byte[]> keyEvents = KEY_EVENTS.stream()
                .map(event -> bytes(KEY_EVENT + redis.options().database() + "__:" + event))
                .toList();
        return new Feed(redis, "watch of " + scope, names, patterns, keyEvents, pulseEvery, ears);
    }

    private Set<ChannelKind<? extends Event>> kinds() {
        Set<ChannelKind<? extends Event>> kinds = new LinkedHashSet<>();
        if (scope.isEverything()) {
            kinds.addAll(Channels.all());
        } else {
            scope.kinds().forEach(kind -> kinds.addAll(Subjects.channels(kind)));
        }
        return kinds;
    }

    /** Tells the observer what a message means. */
    void take(byte[] channel, byte[] message) {
        String name = text(channel);
        if (name.startsWith(KEY_EVENT)) {
            takeKeyEvent(text(message));
        } else {
            takeEvent(name, message);
        }
    }

    private void takeEvent(String name, byte[] message) {
        Channel<? extends Event> channel = channel(name);
        Event event;
        try {
            if (channel == null) {
                throw new InvalidValueException("no channel of the schema");
            }
            if (message.length > Message.LONGEST) {
                throw new InvalidValueException(
                        "an event must have at most " + Message.LONGEST + " bytes, has " + message.length);
            }
            event = channel.read(message);
        } catch (InvalidValueException e) {
            String source = channel == null ? Shown.text(name) : channel.name();
            redis.report(new Problem(Problem.Kind.INVALID_EVENT, source, e.getMessage() + "; passed over", e));
            observer.invalid();
            return;
        }
        observer.event(channel, event);
    }

    private @Nullable Channel<? extends Event> channel(String name) {
        Channel<? extends Event> known = channels.get(name);
        if (known == null) {
            known = Channels.parse(namespace.strip(name)).orElse(null);
            if (known != null) {
                if (channels.size() >= MOST_CHANNELS) {
                    channels.clear();
                }
                channels.put(name, known);
            }
        }
        return known;
    }

    private void takeKeyEvent(String name) {
        Optional<Key<?>> key = Keys.parse(namespace.strip(name));
        if (key.isPresent() && key.get().kind().documentField().isPresent() && scope.includes(key.get())) {
            observer.gone(Subjects.document(key.get()));
        }
    }

    /** Told what messages mean, by the thread that hands them in, so each must be quick. */
    interface Observer {
        /** Any event; it may tell of nothing in the scope. */
        void event(Channel<? extends Event> channel, Event event);

        /** Someone has published what is no event, which has been reported. */
        void invalid();

        /** Redis says that the key of a document in the scope was removed. */
        void gone(Key<? extends Document> key);
    }
}
