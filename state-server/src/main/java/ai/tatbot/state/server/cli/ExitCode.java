package ai.tatbot.state.server.cli;

/** What the program's exit codes mean. */
enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "refused or failed"),
    USAGE(2, "wrong usage"),
    UNAVAILABLE(3, "Redis unavailable"),
    NOT_FOUND(4, "not found");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** In a few words, as help says it. */
    String meaning() {
        return meaning;
    }
}
