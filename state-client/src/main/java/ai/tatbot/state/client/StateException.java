package ai.tatbot.state.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The only exception that the client throws for what goes wrong at run time. Its {@link #reason()} says what kind of failure
 * it is, its message what happened, to what, and what to do. Neither holds a password.
 *
 * <p>Wrong arguments (a malformed id, a value out of its range) are {@link ai.tatbot.state.model.InvalidValueException}s
 * instead, thrown before anything is sent.
 */
public final class StateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public StateException(Reason reason, String message) {
        this(reason, message, null);
    }

    public StateException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }

    /** Kinds of failure. */
    public enum Reason {
        /** Redis cannot be reached, or the connection broke. If the message says that a write may have been stored, it may. */
        UNAVAILABLE,
        /** Redis did not answer in time. A write may or may not have been stored. */
        TIMEOUT,
        /** Wrong user or password, a right is missing, or one side does not trust the other's certificate. Nothing was stored. */
        DENIED,
        /**
         * What the options name can never serve: no Redis, a Redis Cluster, TLS where there is none or none where there is, a
         * primary that the sentinels do not know. Trying again does not help before someone changes something.
         */
        MISCONFIGURED,
        /** Someone else has changed, taken over or ended what this write builds upon. Nothing was stored. */
        CONFLICT,
        /** What is stored does not fit the schema, or has another Redis type. */
        INVALID,
        /** There is no such document. */
        NOT_FOUND,
        /** Redis is out of memory. Nothing was stored. */
        OUT_OF_MEMORY,
        /** This Redis does not take writes: a replica, or one that cannot save to disk. Nothing was stored. */
        READ_ONLY,
        /** Stored, but fewer replicas than {@link StateOptions#replicas()} confirmed it in time. A failover may lose it. */
        NOT_REPLICATED,
        /**
         * Redis is loading its data, or busy with a script; or as many calls are under way as the asynchronous face allows. Nothing was
         * stored. Worth trying again soon.
         */
        BUSY,
        /**
         * A position was not stored because a newer one of the same session or robot took its place. Nothing is wrong, and nothing is
         * to be done. Only the asynchronous face says so.
         */
        CONFLATED,
        /** The calling thread was interrupted; its interrupt flag is set again. If a write may have been stored, it says so. */
        INTERRUPTED,
        /** This manager, session or subscription is closed. */
        CLOSED,
        /** Something that should not happen, such as an error of Redis that has no reason of its own here. */
        INTERNAL
    }
}
