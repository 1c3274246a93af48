package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a read found under a key.
 *
 * @param value the document; null if there is none, or none that fits its schema
 * @param problem why it cannot be read; null if it can, or there is none
 * @param ttlMillis how long it has to live; negative if for ever, or there is none
 */
record StoredDocument<T extends Document>(
        Key<T> key, @Nullable Versioned<T> value, @Nullable Problem problem, long ttlMillis) {
    /** Adds what there is to one of both. */
    void sortInto(List<? super Versioned<T>> values, List<? super Problem> problems) {
        if (value != null) {
            values.add(value);
        }
        if (problem != null) {
            problems.add(problem);
        }
    }
}
