package ai.tatbot.state.client;

import org.jspecify.annotations.Nullable;

/**
 * An event that was published.
 *
 * @param eventId its id in {@code events:log}; null for a position, which is not logged
 * @param receivers how many clients of this Redis it was sent to; those that are away for the moment are not counted
 */
public record Publication(@Nullable String eventId, long receivers) {}
