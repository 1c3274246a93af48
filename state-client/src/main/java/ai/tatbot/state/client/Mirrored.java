package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.Freshness;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A document in a {@link StateMirror}. The document does not change; how old it is, and whether it is still the latest that
 * Redis had, is told for the moment of asking. Thread-safe; nothing here blocks or, but for {@link #versioned} and
 * {@link #lastUpdated}, touches anything but memory of its own.
 */
public final class Mirrored<T extends Document> {
    private final Versioned<T> versioned;
    private final long receivedNanos;
    private final Freshness freshness;

    /** Made by the mirror. */
    public Mirrored(Versioned<T> versioned, long receivedNanos, Freshness freshness) {
        this.versioned = versioned;
        this.receivedNanos = receivedNanos;
        this.freshness = freshness;
    }

    /** The document. */
    public T value() {
        return versioned.value();
    }

    /** Its revision; 0 if only an older node, which knows no revisions, has written it. */
    public long revision() {
        Long rev = versioned.rev();
        return rev == null ? 0 : rev;
    }

    /** Where it is stored. */
    public Key<T> key() {
        return versioned.key();
    }

    /** When it was written, by the writer's clock. */
    public Instant lastUpdated() {
        return versioned.lastUpdated();
    }

    /** The document with its key, revision and time. */
    public Versioned<T> versioned() {
        return versioned;
    }

    /** Milliseconds since it arrived here, by this process's clock alone; a document that has long been there arrives with the snapshot. */
    public long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - receivedNanos);
    }

    /**
     * Whether this is what Redis has: nothing newer was there half a second ago. It does not say whether anyone still writes it; see
     * {@link #lastUpdated}, and the node's liveness.
     */
    public boolean isCurrent() {
        return freshness.isLive(System.nanoTime());
    }

    /** For how many milliseconds nothing is known of what is newer; at most 500 while it is current. */
    public long staleMillis() {
        return TimeUnit.NANOSECONDS.toMillis(freshness.staleNanos(System.nanoTime()));
    }

    @Override
    public String toString() {
        return "Mirrored[" + versioned.key() + " rev " + versioned.rev() + ", age " + ageMillis() + " ms, "
                + (isCurrent() ? "current" : "stale since " + staleMillis() + " ms") + "]";
    }
}
