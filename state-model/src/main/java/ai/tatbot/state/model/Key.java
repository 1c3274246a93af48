package ai.tatbot.state.model;

import java.util.List;

/**
 * One key of the schema, such as {@code robot:state:hog}. Made by {@link Keys}; equal if of one name. Immutable.
 *
 * @param <T> the document stored under it; {@link Void} for a key that holds none
 */
public final class Key<T> {
    private final KeyKind<T> kind;
    private final List<String> ids;
    private final String name;

    Key(KeyKind<T> kind, List<String> ids, String name) {
        this.kind = kind;
        this.ids = ids;
        this.name = name;
    }

    /** The family it belongs to. */
    public KeyKind<T> kind() {
        return kind;
    }

    /** Its ids in the template's order: a node id, a session id, or none. */
    public List<String> ids() {
        return ids;
    }

    /**
     * Its only id.
     *
     * @throws IllegalStateException if there is one such key only, which has no id
     */
    public String id() {
        if (ids.isEmpty()) {
            throw new IllegalStateException(name + " has no id");
        }
        return ids.get(0);
    }

    /** Its name in Redis, without a namespace. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key<?> key && key.name.equals(name);
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
