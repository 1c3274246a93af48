package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.live.FleetStatus;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the server does for a caller. What cannot be done is an {@link OperationException}. While Redis is away, documents are
 * answered from memory and marked as stale; all else is UNAVAILABLE at once.
 *
 * <p>Thread-safe. A call may wait for Redis, as long as its options say; only {@link #watchState} waits for longer.
 */
public final class Operations {
    /** How long {@link #watchState} may wait. */
    public static final Duration LONGEST_WATCH = Duration.ofSeconds(30);

    /** Each holds a thread. */
    private static final int MOST_WATCHES = 64;

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LiveFleet fleet;
    private final KeyNames names;
    private final Reads reads;
    private final Writes writes;
    private final AuditTrail audit;
    private final WriteMeter meter;
    private final boolean settable;
    private final Semaphore watches = new Semaphore(MOST_WATCHES);

    /**
     * @param settable whether {@link #setState} is allowed at all
     * @param audit told of every write
     */
    public Operations(LiveFleet fleet, boolean settable, AuditTrail audit) {
        this(fleet, settable, audit, WriteMeter.NONE);
    }

    /** The same, measured. */
    public Operations(LiveFleet fleet, boolean settable, AuditTrail audit, WriteMeter meter) {
        this.fleet = fleet;
        this.settable = settable;
        this.audit = audit;
        this.meter = meter;
        this.names = new KeyNames(fleet.mirror());
        this.reads = new Reads(fleet, names);
        this.writes = new Writes(fleet, names);
    }

    /** What is stored under a key, or what {@code stroke:progress}, {@code robot:state}, {@code stream:stroke_history} stand for now. */
    public StateReading getState(String key) {
        return reads.get(key);
    }

    /**
     * The documents, in the order of their keys.
     *
     * @param kind name of a kind of document, such as {@code robot_state}; null for all
     * @param limit how many at most, 1 to 1000
     * @param cursor {@code next_cursor} of the page before; null for the first
     */
    public StatePage listState(@Nullable String kind, int limit, @Nullable String cursor) {
        return reads.list(kind, limit, cursor);
    }

    /** The fleet, from memory. */
    public FleetStatus systemStatus() {
        return fleet.status();
    }

    /**
     * The positions of a session, oldest first.
     *
     * @param limit how many at most, the last ones; 1 to 10000
     */
    public SessionHistory history(String sessionId, int limit) {
        return reads.history(sessionId, limit);
    }

    /**
     * The last transitions, oldest first.
     *
     * @param limit how many at most, 1 to 1000
     */
    public LogPage log(int limit) {
        return reads.log(limit);
    }

    /**
     * Publishes an event.
     *
     * @param data JSON object: the event's other fields; on {@code system:events}, its {@code data}
     */
    public Published publishEvent(Principal who, String channel, String type, byte[] data) {
        return audited(who, "publish_event", channel, () -> {
            require(who, Scope.PUBLISH);
            return writes.publish(channel, type, data);
        });
    }

    /** Whether {@link #setState} is allowed at all. */
    public boolean maySetState() {
        return settable;
    }

    /**
     * Overwrites a document.
     *
     * @param value the whole document, JSON
     * @param expectedRevision CONFLICT if another is stored, or none; 0 for a document without one; null for any
     * @param timeToLive null for that of its kind
     */
    public Written setState(
            Principal who, String key, byte[] value, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        return audited(who, "set_state", key, () -> {
            if (!settable) {
                throw new OperationException(
                        Code.NOT_ALLOWED, "this server does not overwrite state; start it with --allow-set-state");
            }
            require(who, Scope.ADMIN);
            return writes.set(key, value, expectedRevision, timeToLive);
        });
    }

    private static void require(Principal who, Scope scope) {
        if (!who.may(scope)) {
            throw new OperationException(
                    Code.NOT_ALLOWED, "this needs the scope " + scope.text() + "; use a token that has it");
        }
    }

    private <T> T audited(Principal who, String operation, String subject, Supplier<T> write) {
        String outcome = Code.INTERNAL.name();
        String measured = outcome;
        long start = System.nanoTime();
        try {
            T result = write.get();
            outcome = result instanceof Written written
                    ? "revision " + written.revision()
                    : result instanceof Published published && published.eventId() != null
                            ? "event " + published.eventId()
                            : "done";
            measured = "done";
            return result;
        } catch (OperationException e) {
            outcome = e.code().name();
            measured = outcome;
            throw e;
        } finally {
            meter.ended(operation, measured, System.nanoTime() - start);
            audit.note(who, operation, subject, outcome);
        }
    }

    /**
     * Waits until a document is another than the caller knows. Blocks.
     *
     * @param sinceRevision the revision that the caller knows, 0 if it knows that there is none; null to wait for the next change
     * @param timeout how long at most, up to {@link #LONGEST_WATCH}
     * @param cancelled looked at some times a second
     * @param progress told once a second how long it has waited
     */
    public Observation watchState(
            String key,
            @Nullable Long sinceRevision,
            Duration timeout,
            Cancellation cancelled,
            Consumer<Duration> progress) {
        if (timeout.isNegative() || timeout.compareTo(LONGEST_WATCH) > 0) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, "timeout_ms must be from 0 to " + LONGEST_WATCH.toMillis());
        }
        Key<? extends Document> document = Reads.documentKey(names.find(key)
                .orElseThrow(() -> new OperationException(
                        Code.NOT_FOUND, key + " stands for nothing at present; name a document, or ask again later")));
        if (!watches.tryAcquire()) {
            throw new OperationException(
                    Code.TOO_MANY, "more than " + MOST_WATCHES + " callers are waiting; ask again later");
        }
        try {
            return watch(document, sinceRevision, timeout.toNanos(), cancelled, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationException(Code.UNAVAILABLE, "the server is going down", e);
        } finally {
            watches.release();
        }
    }

    private Observation watch(
            Key<? extends Document> key,
            @Nullable Long since,
            long nanos,
            Cancellation cancelled,
            Consumer<Duration> progress)
            throws InterruptedException {
        long start = System.nanoTime();
        long told = 0;
        StateChange<?> first = fleet.changes().document(key).orElse(null);
        // Before the first snapshot nothing is known, not even that there is no such document.
        boolean known = first != null || fleet.link().asOf() != null;
        if (known && since != null && since != revision(first)) {
            return new Observation(true, reads.of(key, first));
        }
        while (true) {
            long waited = System.nanoTime() - start;
            long slice = Math.max(0, Math.min(LOOK_EVERY_NANOS, nanos - waited));
            StateChange<?> now = fleet.changes().await(key, change -> change != null && !change.equals(first), slice);
            if (now != null) {
                return new Observation(since == null || since != revision(now) || first != null, reads.of(key, now));
            }
            if (waited >= nanos || cancelled.isRequested()) {
                return new Observation(false, reads.of(key, first));
            }
            if (waited / 1_000_000_000L > told) {
                told = waited / 1_000_000_000L;
                progress.accept(Duration.ofNanos(waited));
            }
        }
    }

    private static long revision(@Nullable StateChange<?> change) {
        Versioned<?> value = change == null ? null : change.value();
        Long rev = value == null ? null : value.rev();
        return rev == null ? 0 : rev;
    }
}
