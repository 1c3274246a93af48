package ai.tatbot.state.server.demo;

/** Ways to pull Redis's plug. */
enum Fault {
    /** Killed outright, and started again with its data. */
    KILL("killed"),
    /** Stopped in the middle of its work; connections stay open, and nothing is answered. */
    FREEZE("frozen"),
    /** Told to end, and started again with its data. */
    RESTART("shut down");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** What became of Redis. */
    String words() {
        return words;
    }
}
