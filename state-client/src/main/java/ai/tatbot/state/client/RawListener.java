package ai.tatbot.state.client;

/**
 * Takes what is on the wire, neither decoded nor checked; see {@link StateManager#subscribeRaw}. Called by one thread of the
 * subscription, never two calls at a time; it should be quick. What it throws is reported, and it goes on being called.
 */
@FunctionalInterface
public interface RawListener {
    /**
     * A message, in the order in which Redis sent it.
     *
     * @param channel the channel's name
     * @param message what was published
     */
    void onMessage(String channel, byte[] message);

    /**
     * A transition that was published while the connection was gone, read from {@code events:log}; before any later message.
     *
     * @param message what was published; its fields may stand in another order
     */
    default void onCaughtUp(String channel, byte[] message) {
        onMessage(channel, message);
    }

    /** Transitions that were published while the connection was gone, and that {@code events:log} does not have any more. */
    default void onLost(LostTransitions lost) {}
}
