package ai.tatbot.state.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One position of a stroke session, from its history. Fields that an older node did not write are null.
 *
 * @param entryId id in the stream
 * @param time when the position was reached, by the writer's clock; by Redis' clock if the writer gave none
 * @param rev revision of the session's progress that this entry tells of
 * @param strokeIdx stroke, counted from 0
 * @param poseIdx pose within the stroke, counted from 0
 * @param descriptionL what the left arm was doing
 * @param descriptionR what the right arm was doing
 * @param nodeId node that ran the session
 */
public record HistoryEntry(
        String entryId,
        Instant time,
        @Nullable Long rev,
        int strokeIdx,
        int poseIdx,
        String descriptionL,
        String descriptionR,
        String nodeId) {}
