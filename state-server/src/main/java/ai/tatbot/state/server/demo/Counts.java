package ai.tatbot.state.server.demo;

/**
 * Counts of a {@link Ledger}.
 *
 * @param writes what the robot offered: positions and transitions
 * @param updates positions of the session among them
 * @param events what demo-ook was told
 * @param conflated positions that it was not told, because a later one came before them
 * @param lostTransitions transitions that it was not told
 * @param lostPositions positions that it was not told, nor a later one
 * @param outOfOrder what it was told after something later, or twice
 * @param lastMicros latency of the last update
 * @param p50Micros median latency of an update
 * @param p99Micros latency that one update in a hundred exceeds
 */
record Counts(
        long writes,
        long updates,
        long events,
        long conflated,
        long lostTransitions,
        long lostPositions,
        long outOfOrder,
        long lastMicros,
        long p50Micros,
        long p99Micros) {
    /** Everything that did not arrive, and that nothing later made up for. */
    long lost() {
        return lostTransitions + lostPositions;
    }
}
