package ai.tatbot.state.server.cli;

import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.show.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes a token. */
@CommandLine.Command(
        name = "revoke",
        header = "Revoke a token.",
        description =
                "Removes it from the file. A running server refuses it within a second, and ends the pages and streams"
                        + " that were opened with it within two.",
        footer = {"", "Examples:", "  tatbot-state token revoke assistant --file tokens"})
final class TokenRevokeCommand extends LocalCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Its name, as token list shows it.")
    String name = "";

    @Mixin
    final TokenFileOption file = new TokenFileOption();

    TokenRevokeCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        if (!file.store(environment()).remove(name)) {
            throw CliException.notFound("there is no token named " + Shown.text(name) + " in "
                    + file.path(environment()) + "; tatbot-state token list shows those that there are");
        }
        print(
                json
                        ? JsonText.object(out -> out.writeStringProperty("revoked", name))
                        : "Revoked. A running server refuses it within a second.");
        return ExitCode.DONE;
    }
}
