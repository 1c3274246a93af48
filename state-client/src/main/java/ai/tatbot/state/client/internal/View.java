package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.DocumentEvent;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The documents that a watch knows, put together from reads and events. Reading it takes no lock; whoever changes it holds that of
 * the watch.
 *
 * <p>Events of one key come in the order of its revisions. A read may overtake events that are still on their way, and events may
 * overtake a read that is still on its way: {@link #stamp()} tells the two apart.
 */
public final class View {
    /** Redis expires a key a little later than its time to live says. */
    private static final long EXPIRY_SLACK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long NEVER = Long.MAX_VALUE;

    private final Freshness freshness;
    private final Consumer<StateChange<?>> changes;

    private final ConcurrentHashMap<String, Optional<Mirrored<RobotState>>> robots = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Optional<Mirrored<NodeHealth>>> health = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Optional<Mirrored<StrokeProgress>>> sessions = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentHashMap<String, ?>> byKind = Map.of(
            Keys.ROBOT_STATE.name(), robots, Keys.NODE_HEALTH.name(), health, Keys.STROKE_PROGRESS.name(), sessions);
    private volatile Optional<Mirrored<StrokeProgress>> current = Optional.empty();

    private final Map<Key<?>, Track> tracks = new HashMap<>();
    private long stamp;

    View(Freshness freshness, Consumer<StateChange<?>> changes) {
        this.freshness = freshness;
        this.changes = changes;
    }

    // ---- reading: any thread

    /** The state of a node's robot. */
    public Optional<Mirrored<RobotState>> robot(String nodeId) {
        return robots.getOrDefault(nodeId, Optional.empty());
    }

    /** The last heartbeat of a node. */
    public Optional<Mirrored<NodeHealth>> health(String nodeId) {
        return health.getOrDefault(nodeId, Optional.empty());
    }

    /** The last position of a session. */
    public Optional<Mirrored<StrokeProgress>> progress(String sessionId) {
        return sessions.getOrDefault(sessionId, Optional.empty());
    }

    /** The session that is executing or paused, the one written last. */
    public Optional<Mirrored<StrokeProgress>> currentSession() {
        return current;
    }

    /** Any document. */
    public <T extends Document> Optional<Mirrored<T>> get(Key<T> key) {
        return map(key.kind()).getOrDefault(key.id(), Optional.empty());
    }

    /** All documents of a kind. */
    public <T extends Document> List<Mirrored<T>> all(KeyKind<T> kind) {
        List<Mirrored<T>> all = new ArrayList<>();
        map(kind).values().forEach(mirrored -> mirrored.ifPresent(all::add));
        return all;
    }

    @SuppressWarnings("unchecked") // each kind has a map of its own documents
    private <T extends Document> ConcurrentHashMap<String, Optional<Mirrored<T>>> map(KeyKind<T> kind) {
        ConcurrentHashMap<String, ?> map = byKind.get(kind.name());
        if (map == null) {
            throw new IllegalArgumentException(kind + " is no kind of document");
        }
        return (ConcurrentHashMap<String, Optional<Mirrored<T>>>) map;
    }

    // ---- changing: under the lock of the watch

    /** To be taken before a read is sent, and handed over with what it found. */
    long stamp() {
        return stamp;
    }

    /** Every key of which something is known. */
    List<Key<?>> keys() {
        return new ArrayList<>(tracks.keySet());
    }

    /** Tells all that is known. */
    void tell(Consumer<StateChange<?>> listener) {
        tracks.forEach((key, track) -> {
            if (track.value != null) {
                listener.accept(change(key, Cause.SNAPSHOT, track.value));
            }
        });
    }

    /** Takes over what an event says of a document. */
    Outcome apply(Key<? extends Document> key, Event event, long nowNanos) {
        Long rev = event.rev();
        if (rev == null) {
            return Outcome.READ;
        }
        Track track = tracks.get(key);
        Long known = track == null || track.value == null ? null : track.value.rev();
        if (track != null && known != null && rev <= known) {
            // Published before the read that told of this, or with it, unless it is a revision that has gone back.
            boolean expected = rev.equals(known) || rev > track.eventRev;
            track.eventRev = Math.max(track.eventRev, rev);
            return expected ? Outcome.DONE : Outcome.READ;
        }
        boolean gap = known != null && rev > known + 1;
        Optional<? extends Document> document =
                event instanceof DocumentEvent<?> carrying ? carrying.document() : Optional.empty();
        if (document.isPresent()) {
            put(key, document.get(), rev, nowNanos);
        }
        return gap ? Outcome.GAP : document.isPresent() ? Outcome.DONE : Outcome.READ;
    }

    @SuppressWarnings("unchecked") // an event carries the document of the key that it tells of
    private void put(Key<? extends Document> key, Document document, long rev, long nowNanos) {
        Key<Document> typed = (Key<Document>) key;
        Track track = tracks.computeIfAbsent(key, ignored -> new Track());
        track.stamp = ++stamp;
        track.eventRev = rev;
        track.problem = null;
        set(track, new Versioned<>(typed, document, rev, document.timestamp()), nowNanos);
        changes.accept(change(typed, Cause.UPDATED, track.value));
    }

    /**
     * Takes over what a read found.
     *
     * @param readStamp {@link #stamp()} when it was sent
     * @param cause what to tell if it is news
     * @return whether it must be read once more
     */
    boolean apply(StoredDocument<?> read, long readStamp, Cause cause, long nowNanos) {
        Key<?> key = read.key();
        Track track = tracks.get(key);
        Versioned<?> known = track == null ? null : track.value;
        boolean overtaken = track != null && track.stamp > readStamp;
        Versioned<?> value = read.value();
        if (value == null) {
            if (overtaken) {
                return true;
            }
            forget(read, track, nowNanos);
            return false;
        }
        if (overtaken && known != null && known.rev() != null && value.rev() != null && value.rev() < known.rev()) {
            return false;
        }
        boolean same = known != null
                && Objects.equals(known.rev(), value.rev())
                && known.value().equals(value.value());
        Track kept = track == null ? new Track() : track;
        tracks.putIfAbsent(key, kept);
        kept.expiresNanos = read.ttlMillis() < 0 ? NEVER : nowNanos + TimeUnit.MILLISECONDS.toNanos(read.ttlMillis());
        kept.problem = null;
        if (!same) {
            set(kept, value, nowNanos);
            changes.accept(change(key, cause, value));
        }
        return false;
    }

    private void forget(StoredDocument<?> read, @Nullable Track track, long nowNanos) {
        Key<?> key = read.key();
        String problem = read.problem() == null ? null : read.problem().message();
        boolean known = track != null && track.value != null;
        boolean news = known || (problem != null && (track == null || !problem.equals(track.problem)));
        Cause cause = Cause.UNREADABLE;
        if (problem == null) {
            boolean expired =
                    track != null && track.expiresNanos != NEVER && nowNanos + EXPIRY_SLACK - track.expiresNanos >= 0;
            cause = expired ? Cause.EXPIRED : Cause.DELETED;
            tracks.remove(key);
        } else {
            Track kept = tracks.computeIfAbsent(key, ignored -> new Track());
            kept.value = null;
            kept.problem = problem;
            kept.expiresNanos = NEVER;
        }
        remove(key);
        if (news) {
            changes.accept(change(key, cause, null));
        }
    }

    /** Whether a document's problem has been told already. */
    boolean knowsProblem(Key<?> key, String message) {
        Track track = tracks.get(key);
        return track != null && message.equals(track.problem);
    }

    /** Keys whose time to live has run out, as far as is known, and when the next one's will. */
    long expired(long nowNanos, Consumer<Key<?>> keys) {
        long next = NEVER;
        for (Map.Entry<Key<?>, Track> entry : tracks.entrySet()) {
            Track track = entry.getValue();
            if (track.expiresNanos != NEVER && track.expiresNanos - nowNanos <= 0) {
                keys.accept(entry.getKey());
            } else {
                next = Math.min(next, track.expiresNanos);
            }
        }
        return next;
    }

    @SuppressWarnings("unchecked") // the key is of the value
    private void set(Track track, Versioned<?> value, long nowNanos) {
        track.value = value;
        Mirrored<Document> mirrored = new Mirrored<>((Versioned<Document>) value, nowNanos, freshness);
        map((KeyKind<Document>) (KeyKind<?>) value.key().kind()).put(value.key().id(), Optional.of(mirrored));
        if (value.value() instanceof StrokeProgress) {
            sessions.getOrDefault(value.key().id(), Optional.empty()).ifPresent(this::turned);
        }
    }

    private void turned(Mirrored<StrokeProgress> session) {
        Mirrored<StrokeProgress> before = current.orElse(null);
        boolean isCurrent = before != null && before.key().equals(session.key());
        if (session.value().isExecuting()) {
            if (before == null || isCurrent || session.lastUpdated().isAfter(before.lastUpdated())) {
                current = Optional.of(session);
            }
        } else if (isCurrent) {
            chooseCurrent();
        }
    }

    @SuppressWarnings("unchecked")
    private void remove(Key<?> key) {
        map((KeyKind<Document>) (KeyKind<?>) key.kind()).remove(key.id());
        if (key.kind().name().equals(Keys.STROKE_PROGRESS.name())) {
            chooseCurrent();
        }
    }

    private void chooseCurrent() {
        Mirrored<StrokeProgress> latest = null;
        for (Optional<Mirrored<StrokeProgress>> candidate : sessions.values()) {
            Mirrored<StrokeProgress> session = candidate.orElse(null);
            if (session != null
                    && session.value().isExecuting()
                    && (latest == null || session.lastUpdated().isAfter(latest.lastUpdated()))) {
                latest = session;
            }
        }
        current = Optional.ofNullable(latest);
    }

    @SuppressWarnings("unchecked") // the key is of the value
    private static StateChange<Document> change(Key<?> key, Cause cause, @Nullable Versioned<?> value) {
        return new StateChange<>((Key<Document>) key, cause, (Versioned<Document>) value);
    }

    /** What is to be done after an event. */
    enum Outcome {
        /** Nothing. */
        DONE,
        /** The document must be read: the event did not say all of it, or another wrote it. */
        READ,
        /** The same, and events before this one are missing. */
        GAP
    }

    /** What is known of one key. */
    private static final class Track {
        private @Nullable Versioned<?> value;
        private @Nullable String problem;

        /** When an event last changed it; 0 if none has. */
        private long stamp;

        /** Highest revision that an event has told of; 0 if none has. */
        private long eventRev;

        private long expiresNanos = NEVER;
    }
}
