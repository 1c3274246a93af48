package ai.tatbot.state.server.doctor;

/** The parts of a report, in its order. */
public enum Part {
    NODE("This node"),
    CONNECTION("Way to Redis"),
    ACCESS("Access"),
    REDIS("Redis"),
    TRAFFIC("Time and messages"),
    FLEET("Fleet"),
    REHEARSAL("Rehearsal");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
