package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.server.access.TokenFileException;
import ai.tatbot.state.server.backup.BackupException;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.util.Locale;

/**
 * How a failure leaves the program.
 *
 * @param exitCode what the process ends with
 * @param code short name, for programs
 * @param message for people; without control characters
 */
record Failure(ExitCode exitCode, String code, String message) {
    static Failure of(Throwable thrown) {
        String message = Text.safe(String.valueOf(thrown.getMessage()));
        if (thrown instanceof CliException e) {
            return new Failure(e.exitCode(), e.code(), message);
        }
        if (thrown instanceof StateException e) {
            ExitCode exit = switch (e.reason()) {
                case UNAVAILABLE, TIMEOUT -> ExitCode.UNAVAILABLE;
                case NOT_FOUND -> ExitCode.NOT_FOUND;
                default -> ExitCode.FAILED;
            };
            return new Failure(exit, e.reason().name().toLowerCase(Locale.ROOT), message);
        }
        if (thrown instanceof TokenFileException) {
            return new Failure(ExitCode.FAILED, "token_file", message);
        }
        if (thrown instanceof BackupException) {
            return new Failure(ExitCode.FAILED, "backup", message);
        }
        if (thrown instanceof InvalidValueException) {
            return new Failure(ExitCode.USAGE, "usage", message);
        }
        return new Failure(
                ExitCode.FAILED,
                "internal",
                "this should not happen: " + Text.safe(String.valueOf(thrown))
                        + ". Run it again with --verbose and report what it says.");
    }

    void print(Terminal terminal, String command, boolean json) {
        if (json) {
            terminal.err().println(JsonText.object(out -> {
                out.writeObjectPropertyStart("error");
                out.writeStringProperty("code", code);
                out.writeStringProperty("message", message);
                out.writeEndObject();
            }));
        } else {
            terminal.err().println(terminal.styled(command + ":", Style.RED) + " " + message);
        }
    }
}
