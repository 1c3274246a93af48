package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.WireTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A document as it is stored, which fits its schema. */
final class StoredDocument {
    private final byte[] json;
    private final @Nullable Long revision;
    private final Instant lastUpdated;

    private StoredDocument(byte[] json, @Nullable Long revision, Instant lastUpdated) {
        this.json = json;
        this.revision = revision;
        this.lastUpdated = lastUpdated;
    }

    /**
     * Takes it from a hash and checks it.
     *
     * @throws StateException INVALID if there is none, or it does not fit
     */
    static StoredDocument in(KeyContents contents) {
        Key<?> key = contents.key();
        String field = key.kind().documentField().orElseThrow();
        byte[] json = contents.fields().get(field);
        if (json == null) {
            throw new StateException(
                    Reason.INVALID,
                    "reading " + key + ": the hash has no field " + field
                            + ", which should hold the document. Something else has written this key.");
        }
        try {
            JsonType<Document> type = key.kind().<Document>documentType().orElseThrow();
            Document value = StateJson.read(json, type);
            String time = text(contents, "last_updated");
            return new StoredDocument(
                    json, number(contents, "rev"), time == null ? value.timestamp() : WireTime.parse(time));
        } catch (InvalidValueException e) {
            throw new StateException(
                    Reason.INVALID,
                    "reading " + key + ": the stored document does not fit its schema: " + e.getMessage(),
                    e);
        }
    }

    private static @Nullable String text(KeyContents contents, String field) {
        byte[] value = contents.fields().get(field);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static @Nullable Long number(KeyContents contents, String field) {
        String text = text(contents, field);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException(field + " must be a whole number, was " + Shown.text(text), e);
        }
    }

    /** Its bytes, fields that the schema does not know included. Not to be changed. */
    byte[] json() {
        return json;
    }

    /** Its revision; null if only an older node has written it. */
    @Nullable
    Long revision() {
        return revision;
    }

    /** When it was last written, by the writer's clock. */
    Instant lastUpdated() {
        return lastUpdated;
    }

    /** Time since it was written, never negative. */
    Duration age() {
        Duration age = Duration.between(lastUpdated, Instant.now());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
