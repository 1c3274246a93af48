package ai.tatbot.state.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A family of keys with one template, such as {@code robot:state:{node_id}}. {@link Keys} has them all. Immutable.
 *
 * @param <T> the document stored under such a key; {@link Void} for a key that holds none
 */
public final class KeyKind<T> {
    private final String name;
    private final Template template;
    private final RedisType redisType;
    private final @Nullable String documentField;
    private final @Nullable JsonType<?> documentType;
    private final @Nullable Duration ttl;
    private final long maxLength;
    private final @Nullable String indexName;

    KeyKind(
            String name,
            Template template,
            RedisType redisType,
            @Nullable String documentField,
            @Nullable JsonType<?> documentType,
            @Nullable Duration ttl,
            long maxLength,
            @Nullable String indexName) {
        this.name = name;
        this.template = template;
        this.redisType = redisType;
        this.documentField = documentField;
        this.documentType = documentType;
        this.ttl = ttl;
        this.maxLength = maxLength;
        this.indexName = indexName;
    }

    /** Name in the schema, such as {@code robot_state}. */
    public String name() {
        return name;
    }

    /** Template, such as {@code robot:state:{node_id}}. */
    public String template() {
        return template.toString();
    }

    /** Names of the template's parameters, in order. */
    public List<String> parameterNames() {
        return template.parameterNames();
    }

    public RedisType redisType() {
        return redisType;
    }

    /** Hash field that holds the document; empty for a key that holds none. */
    public Optional<String> documentField() {
        return Optional.ofNullable(documentField);
    }

    /** How the document is read; empty for a key that holds none. */
    @SuppressWarnings("unchecked") // the generated constants pair T with its type
    public <D extends Document> Optional<JsonType<D>> documentType() {
        return Optional.ofNullable((JsonType<D>) documentType);
    }

    /** How long such a key lives after its last write; empty if it does not expire. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** About how many entries such a stream keeps; empty for a hash or set. */
    public OptionalLong maxLength() {
        return maxLength > 0 ? OptionalLong.of(maxLength) : OptionalLong.empty();
    }

    /** The set that lists the ids of such keys; empty if none does. */
    public Optional<KeyKind<Void>> index() {
        return Optional.ofNullable(indexName).map(Keys::indexNamed);
    }

    /** As a glob-style pattern of Redis, such as {@code robot:state:*}. */
    public String pattern() {
        return template.glob();
    }

    /**
     * The key with these ids.
     *
     * @throws InvalidValueException if an id has a character that ids may not have, or their number is wrong
     */
    public Key<T> of(String... ids) {
        List<String> arguments = List.of(ids);
        return new Key<>(this, arguments, template.fill(arguments));
    }

    /** The key of this name, or empty if it is not one of this kind. */
    public Optional<Key<T>> parse(String key) {
        return template.parse(key).map(ids -> new Key<>(this, ids, key));
    }

    @Override
    public String toString() {
        return template.toString();
    }
}
