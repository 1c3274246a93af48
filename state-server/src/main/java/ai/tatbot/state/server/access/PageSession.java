package ai.tatbot.state.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page that has logged in, as its cookie has it: {@code name.expiry.hmac}. It holds no secret and is stored nowhere; it survives
 * a restart of the server, and ends with its token, because the token's hash is the key.
 *
 * @param token whose page it is
 * @param value the cookie's value
 * @param expires when it ends
 */
public record PageSession(StoredToken token, String value, Instant expires) {
    /** A page on a wall is left alone for long. */
    static final Duration LONGEST = Duration.ofDays(30);

    private static final int LONGEST_VALUE = 160;

    /** Stands for the key where there is none, so that an unknown name takes as long as a known one. */
    private static final TokenHash NOBODY = TokenHash.of("");

    /** For whoever has shown this token just now. */
    static PageSession of(StoredToken token, Instant now) {
        Instant end = now.plus(LONGEST);
        Instant last = token.expires();
        Instant expires = last != null && last.isBefore(end) ? last : end;
        String signed = token.name() + "." + expires.getEpochSecond();
        return new PageSession(
                token, signed + "." + code(token.hash(), signed), Instant.ofEpochSecond(expires.getEpochSecond()));
    }

    /** The session that a cookie stands for, if it is one, and neither it nor its token has ended. */
    static Optional<PageSession> find(String value, Tokens tokens, Instant now) {
        int second = value.lastIndexOf('.');
        int first = value.lastIndexOf('.', second - 1);
        if (value.length() > LONGEST_VALUE || first <= 0) {
            return Optional.empty();
        }
        Optional<StoredToken> token = tokens.named(value.substring(0, first));
        String expected = code(token.map(StoredToken::hash).orElse(NOBODY), value.substring(0, second));
        boolean genuine = MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8),
                value.substring(second + 1).getBytes(StandardCharsets.UTF_8));
        Instant expires = expiry(value.substring(first + 1, second));
        if (!genuine || expires == null || !now.isBefore(expires)) {
            return Optional.empty();
        }
        return token.filter(found -> !found.isExpired(now)).map(found -> new PageSession(found, value, expires));
    }

    private static String code(TokenHash key, String signed) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign("tatbot page session\n" + signed));
    }

    private static @Nullable Instant expiry(String text) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "PageSession[" + token.name() + ", " + expires + "]";
    }
}
