package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token. */
@CommandLine.Command(
        name = "new",
        header = "Make a token.",
        description =
                "Writes the token to standard output, and nothing else: it is shown this once, and stored nowhere."
                        + " The file gets its hash, and is made, readable by its owner only, if it is missing.",
        footer = {
            "",
            "Examples:",
            "  tatbot-state token new ook-display --scope read --file tokens",
            "  tatbot-state token new assistant --scope read,publish --expires-in 90d",
        })
final class TokenNewCommand extends LocalCommand {
    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "Names its bearer, in logs and lists: letters, digits, _, . and -.")
    String name = "";

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            split = ",",
            description = "What it allows: read, publish, admin. Repeatable, or with commas between them.")
    List<String> scopes = List.of();

    @Nullable
    @Option(
            names = "--expires-in",
            paramLabel = "SPAN",
            description = "For how long it is good: 30m, 12h, 90d. Without it: until it is revoked.")
    String expiresIn;

    @Mixin
    final TokenFileOption file = new TokenFileOption();

    TokenNewCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Set<Scope> allowed = scopes(scopes);
        Instant expires =
                expiresIn == null ? null : Instant.now().plus(span(expiresIn)).truncatedTo(ChronoUnit.SECONDS);
        String token = file.store(environment()).add(name, allowed, expires);
        if (json) {
            print(JsonText.object(out -> {
                out.writeStringProperty("name", name);
                out.writeStringProperty("token", token);
                TokenListCommand.writeScopes(out, allowed);
                TokenListCommand.writeTime(out, "expires", expires);
            }));
        } else {
            print(token);
            terminal()
                    .err()
                    .println(terminal()
                            .styled("Keep it now: it is not stored, and cannot be shown again.", Style.YELLOW));
        }
        return ExitCode.DONE;
    }

    private static Set<Scope> scopes(List<String> names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String given : names) {
            scopes.add(List.of(Scope.values()).stream()
                    .filter(scope -> scope.text().equals(given.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> CliException.usage("--scope must be read, publish or admin")));
        }
        return scopes;
    }

    static Duration span(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw CliException.usage(
                    "--expires-in must be a number of minutes, hours or days, such as 30m, 12h or 90d");
        }
        long number = Long.parseLong(matcher.group(1));
        try {
            return switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        } catch (DateTimeException e) {
            throw CliException.usage("--expires-in is too long");
        }
    }
}
