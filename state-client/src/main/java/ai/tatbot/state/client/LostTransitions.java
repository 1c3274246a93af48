package ai.tatbot.state.client;

/**
 * Transitions that were published and can no longer be had.
 *
 * @param count how many
 * @param exact whether all of them were of this watch's scope; if not, some may have told of something else
 * @param reason why, for people
 */
public record LostTransitions(long count, boolean exact, String reason) {}
