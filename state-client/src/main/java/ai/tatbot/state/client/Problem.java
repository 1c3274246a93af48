package ai.tatbot.state.client;

import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong in the background, or beside the point of a call, and was survived.
 *
 * @param kind what kind of thing
 * @param source key, channel or file that it concerns
 * @param message what is wrong and what was done about it; safe to log
 * @param cause what was thrown, if anything was
 */
public record Problem(
        Kind kind, String source, String message, @Nullable Throwable cause) {
    /** Kinds of problem. */
    public enum Kind {
        /** An event that is not JSON, does not fit its channel's schema, or is no event of that channel. It was passed over. */
        INVALID_EVENT,
        /** A stored document that is not JSON, does not fit its schema, or has the wrong Redis type. It was left out. */
        INVALID_DOCUMENT,
        /** A listener threw. It goes on being called. */
        LISTENER_FAILED,
        /** A subscription or watch lost its connection, or a heartbeat could not be sent; it goes on trying. */
        DISCONNECTED,
        /** Transitions that a subscription missed in an outage are in {@code events:log} no more. A watch tells its listeners instead. */
        TRANSITIONS_LOST,
        /**
         * Something that goes with the main matter failed: a write's history, the measuring or the right to send a heartbeat, reading a
         * password or certificate that has been replaced.
         */
        SIDE_EFFECT_FAILED,
        /** A publisher could not store something that was offered to it, or lost a session. The message says whether it tries again. */
        NOT_PUBLISHED
    }

    @Override
    public String toString() {
        return kind + " " + source + ": " + message;
    }
}
