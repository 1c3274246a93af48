package ai.tatbot.state.server.http.guard;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/** Path and query of a request, before anything else reads them. */
final class Target {
    private static final String IN_PATH = "-._~!$&'()*+,=:@/";
    private static final Set<String> SECRETS =
            Set.of("token", "access_token", "api_key", "apikey", "bearer", "authorization");

    private Target() {}

    /**
     * The path, decoded. It means one thing only, whoever decodes it.
     *
     * @throws Refusal if it goes up, has hidden slashes or control characters, or is not well-formed
     */
    static String path(HttpURI uri) throws Refusal {
        String raw = uri.getPath();
        if (raw == null || !raw.startsWith("/")) {
            throw bad("a path begins with /");
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (!isLetterOrDigit(c) && c != '%' && IN_PATH.indexOf(c) < 0) {
                throw bad("it holds a character that has no place in a path");
            }
        }
        String path = decode(raw);
        if (path == null) {
            throw bad("it is not encoded as it should be");
        }
        checkDecoded(raw, path);
        return path;
    }

    private static void checkDecoded(String raw, String path) throws Refusal {
        String hidden = raw.toLowerCase(Locale.ROOT);
        if (hidden.contains("%2f") || path.indexOf('\\') >= 0 || path.indexOf('%') >= 0 || path.indexOf(';') >= 0) {
            throw bad("it holds an encoded /, \\, ; or %");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            throw bad("it holds control characters");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw bad("it holds . or .. as a step");
            }
        }
        if (path.contains("//")) {
            throw bad("it holds an empty step");
        }
    }

    /** @throws Refusal if it holds a token, or is not well-formed */
    static void checkQuery(@Nullable String query) throws Refusal {
        if (query == null) {
            return;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decode(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = decode(equals < 0 ? "" : parameter.substring(equals + 1));
            if (name == null || value == null) {
                throw Refusal.badRequest("query", "the query is not encoded as it should be, in UTF-8");
            }
            if (SECRETS.contains(name.toLowerCase(Locale.ROOT)) || value.startsWith("tat_")) {
                throw Refusal.badRequest(
                        "token_in_query",
                        "a token does not belong into an address, which logs and histories keep; send it as"
                                + " Authorization: Bearer, and revoke the one that was sent");
            }
        }
    }

    /** Resolves {@code %XX}; null if it is malformed, or not UTF-8. */
    private static @Nullable String decode(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7e || c < 0x20) {
                return null;
            }
            if (c == '%') {
                if (i + 2 >= text.length() || hex(text.charAt(i + 1)) < 0 || hex(text.charAt(i + 2)) < 0) {
                    return null;
                }
                bytes[length++] = (byte) (hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)));
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isLetterOrDigit(char c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }

    private static Refusal bad(String why) {
        return Refusal.badRequest("path", "this path is not served: " + why);
    }
}
