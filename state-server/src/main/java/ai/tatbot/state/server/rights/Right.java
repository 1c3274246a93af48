package ai.tatbot.state.server.rights;

import ai.tatbot.state.model.RedisType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one user may do.
 *
 * @param verb what
 * @param pattern with which keys or channels: a name, in which {@code *} is anything
 * @param keyType type of these keys; null for channels, and for keys of any type
 * @param why what for
 */
public record Right(Verb verb, String pattern, @Nullable RedisType keyType, String why) {
    /** Type of these keys; empty for channels, and for keys of any type. */
    public Optional<RedisType> type() {
        return Optional.ofNullable(keyType);
    }

    /** Whether whoever has this right needs the other no more, which is of the same verb. */
    boolean covers(Right other) {
        if (verb != other.verb || keyType != other.keyType) {
            return false;
        }
        return pattern.equals(other.pattern)
                || (pattern.endsWith("*") && other.pattern.startsWith(pattern.substring(0, pattern.length() - 1)));
    }
}
