package ai.tatbot.state.server.backup;

/** Told how far it is. Called often, so it must be quick. */
@FunctionalInterface
public interface Progress {
    /**
     * So far.
     *
     * @param done how much
     * @param total of how much, roughly; 0 or more
     */
    void at(long done, long total);
}
