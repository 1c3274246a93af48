package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is stored under a key.
 *
 * @param contents as it is stored
 * @param document the document in it, which fits its schema; empty for other kinds of keys
 */
record StoredKey(KeyContents contents, Optional<Versioned<Document>> document) {
    /** Contents and document take a read each, between which a writer may write. */
    private static final int MOST_TRIES = 20;

    /**
     * Reads it.
     *
     * @param mostEntries how many entries of a stream at most, the last ones
     * @return empty if there is no such key
     * @throws StateException INVALID if there should be a document, and there is none or it does not fit
     */
    @SuppressWarnings("unchecked") // a kind with a document field is a kind of documents
    static Optional<StoredKey> read(StateManager state, Key<?> key, int mostEntries) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<KeyContents> contents = state.contents(key, mostEntries);
            if (contents.isEmpty() || key.kind().documentField().isEmpty()) {
                return contents.map(found -> new StoredKey(found, Optional.empty()));
            }
            requireDocument(contents.get());
            Optional<Versioned<Document>> document = state.get((Key<Document>) key);
            if (document.isPresent() && isOf(contents.get(), document.get().rev())) {
                return Optional.of(new StoredKey(contents.get(), document));
            }
        }
        throw new StateException(Reason.BUSY, "reading " + key + ": it is written again and again. Try again.");
    }

    private static void requireDocument(KeyContents contents) {
        Key<?> key = contents.key();
        String field = key.kind().documentField().orElseThrow();
        if (!contents.fields().containsKey(field)) {
            throw new StateException(
                    Reason.INVALID,
                    "reading " + key + ": the hash has no field " + field
                            + ", which should hold the document. Something else has written this key.");
        }
    }

    private static boolean isOf(KeyContents contents, @Nullable Long revision) {
        byte[] stored = contents.fields().get("rev");
        return stored == null
                ? revision == null
                : revision != null && revision.equals(Long.valueOf(new String(stored, StandardCharsets.UTF_8)));
    }

    /** The document's bytes, fields that the schema does not know included. Not to be changed. */
    byte[] json() {
        byte[] json =
                contents.fields().get(contents.key().kind().documentField().orElseThrow());
        if (json == null) {
            throw new IllegalStateException("no document under " + contents.key());
        }
        return json;
    }
}
