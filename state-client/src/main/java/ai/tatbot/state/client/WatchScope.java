package ai.tatbot.state.client;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link StateWatch} follows. Immutable. */
public final class WatchScope {
    private static final List<KeyKind<?>> ALL =
            Keys.all().stream().filter(kind -> kind.documentField().isPresent()).toList();

    private final List<KeyKind<?>> kinds;
    private final @Nullable Key<?> key;

    private WatchScope(List<KeyKind<?>> kinds, @Nullable Key<?> key) {
        this.kinds = kinds;
        this.key = key;
    }

    /** Every document of the fleet, and every transition on any channel. */
    public static WatchScope everything() {
        return new WatchScope(ALL, null);
    }

    /** All documents of one kind, and the transitions that tell of them. */
    public static WatchScope of(KeyKind<? extends Document> kind) {
        return new WatchScope(List.of(kind), null);
    }

    /** One document, and the transitions that tell of it. */
    public static WatchScope of(Key<? extends Document> key) {
        return new WatchScope(List.of(key.kind()), key);
    }

    /** The kinds of document in it. */
    public List<KeyKind<?>> kinds() {
        return new ArrayList<>(kinds);
    }

    /** Its only document; empty if it is not one alone. */
    public Optional<Key<?>> key() {
        return Optional.ofNullable(key);
    }

    /** Whether it is {@link #everything()}. */
    public boolean isEverything() {
        return kinds.size() == ALL.size();
    }

    /** Whether a document belongs to it. */
    public boolean includes(Key<?> other) {
        if (key != null) {
            return key.equals(other);
        }
        return isEverything() || kinds.get(0).name().equals(other.kind().name());
    }

    @Override
    public String toString() {
        return isEverything() ? "everything" : key == null ? kinds.get(0).template() : key.name();
    }
}
