package ai.tatbot.state.server.cli;

/** A command cannot do what it was asked to. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String code;

    /**
     * @param code short name of the failure, for programs
     * @param message what happened, to what, and what to do
     */
    CliException(ExitCode exitCode, String code, String message) {
        super(message);
        this.exitCode = exitCode;
        this.code = code;
    }

    static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, "usage", message);
    }

    static CliException notFound(String message) {
        return new CliException(ExitCode.NOT_FOUND, "not_found", message);
    }

    static CliException refused(String code, String message) {
        return new CliException(ExitCode.FAILED, code, message);
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String code() {
        return code;
    }
}
