package ai.tatbot.state.model;

/** How an event may be treated when a consumer is slow or was away. */
public enum EventClass {
    /** Where something is now. A newer one replaces an older one, so it may be conflated. */
    POSITION,
    /** That something has changed its condition. Each one matters: kept in {@code events:log}, delivered in order. */
    TRANSITION
}
