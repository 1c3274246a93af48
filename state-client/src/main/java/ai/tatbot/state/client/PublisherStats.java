package ai.tatbot.state.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StatePublisher} has done so far. The figures are read one after another, so while it works they may differ by
 * what happens in between. At rest {@code offered = sent + conflated + dropped}.
 *
 * @param offered positions offered and taken
 * @param sent positions of which Redis has said that they are stored
 * @param conflated positions that gave way to a newer one of the same key
 * @param dropped positions that Redis refused for good, or of a session that was lost; a problem was reported
 * @param ignored offers after the end of the publisher or of their session
 * @param transitionsQueued transitions that wait or are on their way
 * @param transitionsSent transitions that are stored
 * @param transitionsLost transitions that were refused because too many wait, or by Redis for good; a problem was reported
 * @param sessionsLost sessions that another writer has taken over or ended
 * @param failures failed attempts to connect, connections that broke, and writes that were refused
 * @param connectedSince since when it is connected; null while it is not
 * @param disconnectedSince since when it is not connected; null while it is
 * @param lastError what went wrong last; null if nothing has
 */
public record PublisherStats(
        long offered,
        long sent,
        long conflated,
        long dropped,
        long ignored,
        int transitionsQueued,
        long transitionsSent,
        long transitionsLost,
        long sessionsLost,
        long failures,
        @Nullable Instant connectedSince,
        @Nullable Instant disconnectedSince,
        @Nullable String lastError) {}
