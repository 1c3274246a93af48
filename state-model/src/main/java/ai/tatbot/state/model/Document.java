package ai.tatbot.state.model;

import java.time.Instant;

/** A document that is stored under a key; {@link Keys} says which. Immutable. */
public interface Document extends JsonWritable {
    /** When the writer made this document, by the writer's clock, in microseconds. */
    Instant timestamp();

    /** The node that wrote this document. */
    String nodeId();
}
