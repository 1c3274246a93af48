package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step of a session, as cheap to make as may be: the sender makes the document.
 *
 * @param base what was offered last as a whole
 * @param reason why the session ends; null unless it does
 */
record PublishStep(
        Kind kind,
        StrokeProgress base,
        int strokeIdx,
        int poseIdx,
        Instant at,
        @Nullable SessionEndReason reason) {
    enum Kind {
        START,
        POSITION,
        /** The last position again, so that the lease does not run out. */
        RENEWAL,
        PAUSE,
        RESUME,
        END
    }

    static PublishStep of(Kind kind, StrokeProgress base) {
        return new PublishStep(kind, base, base.strokeIdx(), base.poseIdx(), WireTime.now(), null);
    }
}
