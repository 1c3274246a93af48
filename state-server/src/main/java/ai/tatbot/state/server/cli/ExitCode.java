package ai.tatbot.state.server.cli;

/** What the program's exit codes mean. */
enum ExitCode {
    DONE(0),
    FAILED(1),
    USAGE(2),
    UNAVAILABLE(3),
    NOT_FOUND(4);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
