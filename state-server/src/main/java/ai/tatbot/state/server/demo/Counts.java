package ai.tatbot.state.server.demo;

/**
 * Counts of a {@link Ledger}.
 *
 * @param writes events written
 * @param updates positions of the session among them
 * @param events events received
 * @param missing events written and not received
 * @param outOfOrder events received after a later one of their channel
 * @param lastMicros latency of the last update
 * @param p50Micros median latency of an update
 * @param p99Micros latency that one update in a hundred exceeds
 */
record Counts(
        long writes,
        long updates,
        long events,
        long missing,
        long outOfOrder,
        long lastMicros,
        long p50Micros,
        long p99Micros) {}
