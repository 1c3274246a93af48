package ai.tatbot.state.client;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is from now on.
 *
 * @param key which one
 * @param cause how the watch learned of it
 * @param value the document; null if there is none any more, or none that can be read
 */
public record StateChange<T extends Document>(
        Key<T> key, Cause cause, @Nullable Versioned<T> value) {
    /** How a watch learns of a document. */
    public enum Cause {
        /** It was there when the listener came. */
        SNAPSHOT,
        /** Its writer published it. */
        UPDATED,
        /** It was read again, after an outage, a gap, or a write that published nothing of it; it differs from what was known. */
        REREAD,
        /** Its time to live has run out. */
        EXPIRED,
        /** It is gone before its time: someone has removed it, or Redis has lost its data. */
        DELETED,
        /** What is stored does not fit its schema; the problem listener was told why. */
        UNREADABLE
    }
}
