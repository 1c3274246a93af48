package ai.tatbot.state.model;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A document as it was read: its value, its revision, and when it was written. Immutable.
 *
 * @param key where it is stored
 * @param value the document
 * @param rev its revision; null if only an older node, which knows no revisions, has written it
 * @param lastUpdated when it was last written, by the writer's clock; the document's own timestamp if the key says nothing
 */
public record Versioned<T extends Document>(
        Key<T> key, T value, @Nullable Long rev, Instant lastUpdated) {
    /** Its revision; empty if only an older node, which knows no revisions, has written it. */
    public OptionalLong revision() {
        return rev == null ? OptionalLong.empty() : OptionalLong.of(rev);
    }

    /**
     * Time since the last write, never negative. It compares the reader's clock with the writer's, so it is off by what
     * those two differ.
     *
     * @param now the reader's time
     */
    public Duration age(Instant now) {
        Duration age = Duration.between(lastUpdated, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
