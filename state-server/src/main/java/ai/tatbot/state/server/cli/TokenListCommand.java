package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.StoredToken;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Table;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JsonGenerator;

/** Lists tokens. */
@CommandLine.Command(
        name = "list",
        header = "List the tokens of a file.",
        description = "Shows whose they are and what they allow. The tokens themselves are stored nowhere.",
        footer = {"", "Examples:", "  tatbot-state token list --file tokens", "  tatbot-state token list --json"})
final class TokenListCommand extends LocalCommand {
    @Mixin
    final TokenFileOption file = new TokenFileOption();

    TokenListCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        List<StoredToken> tokens = file.store(environment()).list();
        Instant now = Instant.now();
        if (json) {
            tokens.forEach(token -> print(json(token, now)));
            return ExitCode.DONE;
        }
        if (tokens.isEmpty()) {
            print("There are no tokens: nobody is let in.");
            return ExitCode.DONE;
        }
        Table table = new Table("NAME", "SCOPES", "CREATED", "EXPIRES");
        for (StoredToken token : tokens) {
            table.row(
                    token.name(),
                    token.principal().scopes().stream()
                            .sorted()
                            .map(Scope::text)
                            .collect(Collectors.joining(", ")),
                    token.created().toString(),
                    expiry(token, now));
        }
        table.print(terminal());
        return ExitCode.DONE;
    }

    private String expiry(StoredToken token, Instant now) {
        Instant expires = token.expires();
        if (expires == null) {
            return "never";
        }
        return token.isExpired(now) ? terminal().styled(expires + " (expired)", Style.RED) : expires.toString();
    }

    private static String json(StoredToken token, Instant now) {
        return JsonText.object(out -> {
            out.writeStringProperty("name", token.name());
            writeScopes(out, token.principal().scopes());
            writeTime(out, "created", token.created());
            writeTime(out, "expires", token.expires());
            out.writeBooleanProperty("expired", token.isExpired(now));
        });
    }

    static void writeScopes(JsonGenerator out, Set<Scope> scopes) {
        out.writeArrayPropertyStart("scopes");
        scopes.stream().sorted().forEach(scope -> out.writeString(scope.text()));
        out.writeEndArray();
    }

    static void writeTime(JsonGenerator out, String name, @Nullable Instant time) {
        if (time == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, time.toString());
        }
    }
}
