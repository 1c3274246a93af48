package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write of one document and what goes with it; all or nothing. Built and sent by one thread. */
public final class DocumentWrite<T extends Document> {
    final Key<T> key;
    final T value;
    String expect = "";

    @Nullable
    Fence fence;

    @Nullable
    StrokeProgress history;

    @Nullable
    Duration timeToLive;

    final List<Message<?>> messages = new ArrayList<>(2);

    /** Asked for several times, and it takes searching for; null until then. */
    private @Nullable Boolean tellsTransition;

    public DocumentWrite(Key<T> key, T value) {
        this.key = key;
        this.value = value;
    }

    /** Refused if the key holds a document. */
    public DocumentWrite<T> onlyIfNew() {
        expect = "new";
        return this;
    }

    /** Refused if the key has another revision; 0 for a document that has none. */
    public DocumentWrite<T> onlyIfRevision(long revision) {
        expect = Long.toString(revision);
        return this;
    }

    /** Refused if the key holds another document, or the same one at another revision; 0 for one that has none. */
    public DocumentWrite<T> onlyIfUnchanged(long revision, byte[] document) {
        expect = revision + ":" + Script.sha1Hex(document);
        return this;
    }

    /** Refused if a higher fence is stored. */
    public DocumentWrite<T> fence(Fence value) {
        this.fence = value;
        return this;
    }

    /** Instead of the time to live of its kind, until a later write renews that. */
    public DocumentWrite<T> timeToLive(Duration value) {
        this.timeToLive = value;
        return this;
    }

    /** Published in the same step. */
    public <E extends Event> DocumentWrite<T> event(Channel<E> channel, E event) {
        messages.add(new Message<>(channel, event));
        tellsTransition = null;
        return this;
    }

    /** Appended to the session's history; if that fails the write stands. */
    public DocumentWrite<T> history(StrokeProgress position) {
        this.history = position;
        return this;
    }

    /** @return whether it is nothing but a position, as nearly every write is */
    boolean isOnePosition() {
        return expect.isEmpty() && messages.size() == 1 && !tellsTransition();
    }

    /** The index that lists the key. */
    KeyKind<Void> index() {
        return key.kind().index().orElseThrow(() -> new IllegalStateException(key + " is in no index"));
    }

    /** @return whether doing this twice would tell something twice */
    boolean tellsTransition() {
        Boolean known = tellsTransition;
        if (known != null) {
            return known;
        }
        boolean tells = hasTransition();
        tellsTransition = tells;
        return tells;
    }

    private boolean hasTransition() {
        for (Message<?> message : messages) {
            if (message.isTransition()) {
                return true;
            }
        }
        return false;
    }

    /** What it does, to begin a message with. */
    @Override
    public String toString() {
        return "writing " + key;
    }

    /**
     * Ownership of a session.
     *
     * @param token number of this writer
     * @param lease how long it is presumed alive from now on; zero ends the session, and nothing late gets in
     */
    public record Fence(long token, Duration lease) {
        boolean ends() {
            return lease.isZero();
        }
    }

    /**
     * What a write did.
     *
     * @param revision revision that the key has now
     * @param eventIds ids of its transitions in {@code events:log}
     */
    public record Result(long revision, List<String> eventIds) {}
}
