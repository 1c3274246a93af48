package ai.tatbot.state.bench;

/** Whether what was counted was also stored. */
public final class StoredUpdates {
    private StoredUpdates() {}

    /**
     * @param first revision before the first update
     * @param updates how many were acknowledged
     * @param last revision that is stored now
     * @throws IllegalStateException if the revision has not risen by exactly that many
     */
    public static void check(String session, long first, long updates, long last) {
        if (last - first != updates) {
            throw new IllegalStateException("session " + session + ": " + updates
                    + " updates were acknowledged, but its revision went from " + first + " to " + last + ", by "
                    + (last - first));
        }
    }
}
