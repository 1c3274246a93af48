package ai.tatbot.state.client;

/**
 * Told by a {@link StateWatch} what happens. Called by one thread of its own, in order, never two calls at a time. It may be slow:
 * nobody else waits for it. What it throws is reported to {@link StateOptions#problemListener()}, and it goes on being called.
 */
public interface WatchListener {
    /**
     * A document is another from now on; first, once for each that is there already. While the listener keeps up it is told of
     * every change, else of the latest of each document.
     */
    default void onChange(StateChange<?> change) {}

    /** A transition. Every one, in order, however slow the listener is. */
    default void onTransition(StateTransition transition) {}

    /** Transitions that this listener would have been told of now cannot be had any more. */
    default void onLost(LostTransitions lost) {}

    /**
     * The watch's condition has turned, or another attempt to connect has failed. Called at the beginning and, with {@code CLOSED}, at
     * the end, too; but not because time passes: what shows for how long it has been stale asks {@link StateWatch#status()}.
     */
    default void onStatus(WatchStatus status) {}
}
