package ai.tatbot.state.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message on a channel; {@link Channels} says which events a channel carries. Immutable. */
public interface Event extends JsonWritable {
    /** Kind of the event, such as {@code progress_update}. */
    String type();

    /** When the sender made this event, by the sender's clock, in microseconds. */
    Instant timestamp();

    /** Node that the event tells of, or that sent it; null where the sender gave none. */
    @Nullable
    String nodeId();

    /** Revision of the key that the event tells of; null if it tells of none, or an older node sent it. */
    @Nullable
    Long rev();

    /** Id in {@code events:log}; null for a position, and for an event that an older node sent. */
    @Nullable
    String eventId();

    /** Running number in {@code events:log}, over all channels; null where {@link #eventId()} is. */
    @Nullable
    Long seq();

    /** Last number that the sender was given in an {@code events:log} that was lost since; null if nothing was. */
    @Nullable
    Long seqLost();
}
