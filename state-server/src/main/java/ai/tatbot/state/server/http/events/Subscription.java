package ai.tatbot.state.server.http.events;

import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.Filter;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the event stream asked for.
 *
 * @param filter what it wants to hear of
 * @param interval least time between two frames of positions
 * @param lastInstance server process from which it heard last; null if it is new
 * @param lastCursor how far it came there; null if it is new
 */
record Subscription(
        Filter filter,
        Duration interval,
        @Nullable String lastInstance,
        @Nullable Cursor lastCursor) {
    private static final int LEAST_MILLIS = 50;
    private static final int MOST_MILLIS = 10_000;
    private static final int MOST_FILTERS = 100;
    private static final Set<String> PARAMETERS = Set.of("kind", "key", "channel", "interval_ms", "last_event_id");

    /**
     * Reads what was asked for.
     *
     * @param lastEventId value of the header; null if there is none
     * @throws OperationException INVALID_ARGUMENT, INVALID_KEY or UNKNOWN_CHANNEL
     */
    static Subscription read(Fields query, @Nullable String lastEventId) {
        for (String name : query.getNames()) {
            if (!PARAMETERS.contains(name)) {
                throw invalid(Shown.text(name) + " is no parameter; allowed are kind, key, channel, interval_ms,"
                        + " last_event_id");
            }
        }
        Set<String> kinds = values(query, "kind");
        Set<String> keys = values(query, "key");
        Set<String> channels = values(query, "channel");
        if (kinds.size() + keys.size() + channels.size() > MOST_FILTERS) {
            throw invalid("there are more than " + MOST_FILTERS + " filters; leave them out to hear of everything");
        }
        requireAll(
                kinds,
                name -> Keys.all().stream()
                        .anyMatch(kind ->
                                kind.documentField().isPresent() && kind.name().equals(name)),
                Code.INVALID_ARGUMENT,
                "is no kind; allowed are "
                        + Keys.all().stream()
                                .filter(kind -> kind.documentField().isPresent())
                                .map(KeyKind::name)
                                .toList());
        requireAll(
                keys,
                name -> Keys.parse(name)
                        .filter(key -> key.kind().documentField().isPresent())
                        .isPresent(),
                Code.INVALID_KEY,
                "is no key of a document; such as robot:state:hog");
        requireAll(
                channels,
                name -> Channels.parse(name).isPresent()
                        || Channels.all().stream()
                                .anyMatch(kind -> kind.template().equals(name)),
                Code.UNKNOWN_CHANNEL,
                "is no channel; such as stroke:events:session, or node:events:{node_id} for all nodes");
        String last = lastEventId == null ? query.getValue("last_event_id") : lastEventId;
        int dot = last == null ? -1 : last.indexOf('.');
        Optional<Cursor> cursor = dot < 0 ? Optional.empty() : Cursor.parse(last.substring(dot + 1));
        return new Subscription(
                new Filter(kinds, keys, channels),
                interval(query.getValue("interval_ms")),
                cursor.isPresent() ? last.substring(0, dot) : null,
                cursor.orElse(null));
    }

    private static Duration interval(@Nullable String text) {
        if (text == null) {
            return Duration.ofMillis(LEAST_MILLIS);
        }
        try {
            int millis = Integer.parseInt(text);
            if (millis >= LEAST_MILLIS && millis <= MOST_MILLIS) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // Told below, as any other that is not in the range.
        }
        throw invalid("interval_ms is out of range; allowed are " + LEAST_MILLIS + " to " + MOST_MILLIS);
    }

    private static Set<String> values(Fields query, String name) {
        List<String> given = query.getValues(name);
        Set<String> values = new HashSet<>();
        if (given != null) {
            given.forEach(value -> values.addAll(Arrays.asList(value.split(",", -1))));
        }
        return values;
    }

    private static void requireAll(Set<String> names, Predicate<String> condition, Code code, String otherwise) {
        for (String name : names) {
            if (!condition.test(name)) {
                throw new OperationException(code, Shown.text(name) + " " + otherwise);
            }
        }
    }

    private static OperationException invalid(String message) {
        return new OperationException(Code.INVALID_ARGUMENT, message);
    }
}
