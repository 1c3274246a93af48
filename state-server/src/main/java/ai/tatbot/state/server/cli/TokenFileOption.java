package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.access.TokenStore;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which token file. */
final class TokenFileOption {
    @Nullable
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The token file, as serve --tokens has it. Without it: STATE_TOKENS_FILE.")
    Path given;

    Path path(Map<String, String> environment) {
        Path path = ServerFlags.tokens(given, environment);
        if (path == null) {
            throw CliException.usage("no token file is named; add --file FILE, or set STATE_TOKENS_FILE");
        }
        return path;
    }

    TokenStore store(Map<String, String> environment) {
        return new TokenStore(path(environment));
    }
}
