package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session's position, and who owns it.
 *
 * @param document the position as it is stored; not to be changed
 * @param revision 0 if it has none
 * @param fence number of its writer; 0 if that is an older node
 */
public record OwnedProgress(StrokeProgress progress, byte[] document, long revision, long fence) {
    private static final double HIGHEST = 9e15;

    /** @param values document, revision and fence; null for what is not there */
    static Optional<OwnedProgress> decode(List<byte @Nullable []> values) {
        byte[] document = values.get(0);
        if (document == null) {
            return Optional.empty();
        }
        long rev = number(values.get(1));
        // As write.lua: anything else is no revision of ours.
        long revision = rev > 0 && rev < HIGHEST ? rev : 0;
        return Optional.of(new OwnedProgress(
                StateJson.read(document, StrokeProgress.JSON), document, revision, number(values.get(2))));
    }

    private static long number(byte @Nullable [] value) {
        try {
            return value == null ? 0 : Long.parseLong(text(value));
        } catch (NumberFormatException e) {
            throw new InvalidValueException("revision and fence must be whole numbers", e);
        }
    }
}
