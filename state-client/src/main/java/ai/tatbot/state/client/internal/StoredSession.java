package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session as it is stored, with what says who owns it. */
public final class StoredSession {
    private static final double HIGHEST_REVISION = 9e15;

    private final Key<StrokeProgress> key;
    private final byte[] document;
    private final StrokeProgress progress;
    private final long revision;
    private final long fence;
    private final long leaseUntil;

    private StoredSession(Key<StrokeProgress> key, byte[] document, List<byte @Nullable []> values) {
        this.key = key;
        this.document = document;
        this.progress = StateJson.read(document, StrokeProgress.JSON);
        long rev = number(values.get(1));
        // As in write.lua
        this.revision = rev > 0 && rev < HIGHEST_REVISION ? rev : 0;
        this.fence = number(values.get(2));
        this.leaseUntil = number(values.get(3));
    }

    static byte[][] fields() {
        return new byte[][] {
            bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow()),
            bytes("rev"),
            bytes("fence"),
            bytes("lease_until")
        };
    }

    /**
     * Decodes what was read.
     *
     * @param values of {@link #fields()}, in that order; null for what is not there
     * @return empty if there is no document
     * @throws InvalidValueException if it does not fit its schema
     */
    static Optional<StoredSession> decode(Key<StrokeProgress> key, List<byte @Nullable []> values) {
        byte[] document = values.get(0);
        return document == null ? Optional.empty() : Optional.of(new StoredSession(key, document, values));
    }

    /** As {@link #decode}, but empty too if it does not execute, or cannot be read: a status reports that. */
    static Optional<StoredSession> executing(Key<StrokeProgress> key, List<byte @Nullable []> values) {
        try {
            return decode(key, values).filter(session -> session.progress.isExecuting());
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    Key<StrokeProgress> key() {
        return key;
    }

    /** The position. */
    public StrokeProgress progress() {
        return progress;
    }

    /** The position as it is stored. Not to be changed. */
    public byte[] document() {
        return document;
    }

    /** Its revision; 0 if it has none. */
    public long revision() {
        return revision;
    }

    /** Number of its writer; 0 if that is an older node. */
    public long fence() {
        return fence;
    }

    /** Revision and document in short: what a write expects. */
    String identity() {
        return revision + ":" + Script.sha1Hex(document);
    }

    /** Redis' time in milliseconds; 0 if there is no lease. */
    long leaseUntil() {
        return leaseUntil;
    }

    boolean hasLease() {
        return leaseUntil > 0;
    }

    /** What is no number someone wrote by hand; the scripts take it for none, too. */
    private static long number(byte @Nullable [] value) {
        try {
            return value == null ? 0 : Math.max(0, Long.parseLong(text(value)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
