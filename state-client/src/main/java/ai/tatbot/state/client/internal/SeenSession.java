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

/**
 * A session as a reaper sees it.
 *
 * @param identity revision, or 0, and hash of the document: what a write expects
 * @param leaseUntil Redis' time in milliseconds; 0 if there is no lease
 */
record SeenSession(Key<StrokeProgress> key, StrokeProgress progress, String identity, long leaseUntil) {
    private static final double HIGHEST_REVISION = 9e15;

    static byte[][] fields() {
        return new byte[][] {
            bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow()), bytes("rev"), bytes("lease_until")
        };
    }

    /**
     * Decodes what was read.
     *
     * @param values of {@link #fields()}, in that order; null for what is not there
     * @return empty if it is not executing, or not readable: a status reports that
     */
    static Optional<SeenSession> decode(Key<StrokeProgress> key, List<byte @Nullable []> values) {
        byte[] document = values.get(0);
        if (document == null) {
            return Optional.empty();
        }
        try {
            StrokeProgress progress = StateJson.read(document, StrokeProgress.JSON);
            if (!progress.isExecuting()) {
                return Optional.empty();
            }
            long rev = number(values.get(1));
            boolean ours = rev > 0 && rev < HIGHEST_REVISION;
            String identity = (ours ? rev : 0) + ":" + Script.sha1Hex(document);
            return Optional.of(new SeenSession(key, progress, identity, number(values.get(2))));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    boolean hasLease() {
        return leaseUntil > 0;
    }

    private static long number(byte @Nullable [] value) {
        try {
            return value == null ? 0 : Long.parseLong(text(value));
        } catch (NumberFormatException e) {
            // Not one of ours; what is expected then is a document without revision, and no lease protects it.
            return 0;
        }
    }
}
