package ai.tatbot.state.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A family of channels with one template, such as {@code node:events:{node_id}}. {@link Channels} has them all. Immutable.
 *
 * @param <E> what all its events have in common
 */
public final class ChannelKind<E extends Event> {
    private final String name;
    private final Template template;
    private final Class<E> eventClass;
    private final List<EventType<? extends E>> eventTypes;

    ChannelKind(String name, Template template, Class<E> eventClass, List<EventType<? extends E>> eventTypes) {
        this.name = name;
        this.template = template;
        this.eventClass = eventClass;
        this.eventTypes = eventTypes;
    }

    /** Name in the schema, such as {@code node_events}. */
    public String name() {
        return name;
    }

    /** Template, such as {@code node:events:{node_id}}. */
    public String template() {
        return template.toString();
    }

    /** Names of the template's parameters, in order. */
    public List<String> parameterNames() {
        return template.parameterNames();
    }

    /** Class that all its events have in common. */
    public Class<E> eventClass() {
        return eventClass;
    }

    /** The kinds of event it carries. */
    public List<EventType<? extends E>> eventTypes() {
        return eventTypes;
    }

    /** As a glob-style pattern of Redis, such as {@code node:events:*}; the template itself if it has no parameter. */
    public String pattern() {
        return template.glob();
    }

    /**
     * The channel with these ids.
     *
     * @throws InvalidValueException if an id has a character that ids may not have, or their number is wrong
     */
    public Channel<E> of(String... ids) {
        List<String> arguments = List.of(ids);
        return new Channel<>(this, arguments, template.fill(arguments));
    }

    /** The channel of this name, or empty if it is not one of this kind. */
    public Optional<Channel<E>> parse(String channel) {
        return template.parse(channel).map(ids -> new Channel<>(this, ids, channel));
    }

    /**
     * The kind of event that has this {@code type}.
     *
     * @throws InvalidValueException if this channel carries no such event; the message lists those that it carries
     */
    public EventType<? extends E> eventType(String type) {
        for (EventType<? extends E> candidate : eventTypes) {
            if (candidate.type() == null || candidate.type().equals(type)) {
                return candidate;
            }
        }
        throw new InvalidValueException("type must be one of "
                + eventTypes.stream().map(t -> String.valueOf(t.type())).collect(Collectors.joining(", ")) + " on "
                + template + ", was " + Shown.text(type));
    }

    /**
     * Reads an event of this channel and checks it against its schema. Unknown fields are passed over.
     *
     * @param json UTF-8 JSON, one object
     * @throws InvalidValueException if the bytes are not JSON, do not fit the schema, or are no event of this channel
     */
    public E read(byte[] json) {
        return StateJson.read(
                json, eventType(StateJson.readTextField(json, "type")).json());
    }

    @Override
    public String toString() {
        return template.toString();
    }
}
