package ai.tatbot.state.server.access;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line of a token file: name, scopes, when made, when it expires, hash; with blanks between them. */
final class TokenLine {
    private static final int FIELDS = 5;
    private static final String NEVER = "never";

    private TokenLine() {}

    /** Whether the line holds no token: it is empty, or a comment. */
    static boolean isComment(String line) {
        return line.isBlank() || line.startsWith("#");
    }

    /** @throws IllegalArgumentException if it is none; the message shows nothing of it */
    static StoredToken parse(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("a line is NAME SCOPES CREATED EXPIRES HASH");
        }
        return new StoredToken(
                fields[0],
                scopes(fields[1]),
                time(fields[2]),
                fields[3].equals(NEVER) ? null : time(fields[3]),
                TokenHash.parse(fields[4]));
    }

    static String format(StoredToken token) {
        return String.join(
                " ",
                token.name(),
                token.principal().scopes().stream().sorted().map(Scope::text).collect(Collectors.joining(",")),
                text(token.created()),
                text(token.expires()),
                token.hash().text());
    }

    private static String text(@Nullable Instant time) {
        return time == null ? NEVER : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time is written like 2026-11-30T12:00:00Z", e);
        }
    }

    private static Set<Scope> scopes(String text) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : text.split(",", -1)) {
            try {
                Scope scope = Scope.valueOf(name.toUpperCase(Locale.ROOT));
                if (!scope.text().equals(name)) {
                    throw new IllegalArgumentException("scopes are in small letters");
                }
                scopes.add(scope);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("scopes are read, publish and admin, with commas between them", e);
            }
        }
        return scopes;
    }
}
