package ai.tatbot.state.client.internal;

import java.security.SecureRandom;
import java.time.Instant;

/** Makes ids of stroke sessions: {@code stroke_{node_id}_{unix seconds}_{60 random bits}}. */
public final class SessionIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    /** A new id; unique however many processes start sessions at once. */
    public static String next(String nodeId) {
        long random = RANDOM.nextLong() >>> 4;
        return "stroke_" + nodeId + "_" + Instant.now().getEpochSecond() + "_" + Long.toString(random, 36);
    }
}
