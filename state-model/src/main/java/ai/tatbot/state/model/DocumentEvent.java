package ai.tatbot.state.model;

import java.util.Optional;

/** An event that carries the document that was stored with it. Immutable. */
public interface DocumentEvent<T extends Document> extends Event {
    /** The document as it was stored; empty if the sender did not say all of it, as older nodes do not. */
    Optional<T> document();
}
