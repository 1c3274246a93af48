package ai.tatbot.state.bench.gate;

/**
 * What the gate says of a figure.
 *
 * @param text the same in words: why, and by how much
 */
record Verdict(Outcome outcome, String text) {
    enum Outcome {
        /** Has no target. */
        SHOWN,
        MET,
        MISSED,
        /** The machine is too slow to tell, or was too often taken away by its host. */
        NOT_JUDGED
    }
}
