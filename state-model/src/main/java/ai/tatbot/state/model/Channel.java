package ai.tatbot.state.model;

import java.util.List;

/**
 * One channel of the schema, such as {@code node:events:hog}. Made by {@link Channels}; equal if of one name. Immutable.
 *
 * @param <E> what all its events have in common
 */
public final class Channel<E extends Event> {
    private final ChannelKind<E> kind;
    private final List<String> ids;
    private final String name;

    Channel(ChannelKind<E> kind, List<String> ids, String name) {
        this.kind = kind;
        this.ids = ids;
        this.name = name;
    }

    /** The family it belongs to. */
    public ChannelKind<E> kind() {
        return kind;
    }

    /** Its ids in the template's order: a node id, an error category, or none. */
    public List<String> ids() {
        return ids;
    }

    /** Its name in Redis, without a namespace. */
    public String name() {
        return name;
    }

    /**
     * Reads an event of this channel, checks it against its schema, and its ids against the channel's own.
     *
     * @param json UTF-8 JSON, one object
     * @throws InvalidValueException if {@link ChannelKind#read} refuses it, or it tells of another id than the channel's name
     */
    public E read(byte[] json) {
        E event = kind.read(json);
        for (int i = 0; i < ids.size(); i++) {
            String field = kind.parameterNames().get(i);
            String value = StateJson.readTextField(json, field);
            if (!value.equals(ids.get(i))) {
                throw new InvalidValueException(
                        field + " must be " + ids.get(i) + " on " + name + ", was " + Shown.text(value));
            }
        }
        return event;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Channel<?> channel && channel.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
