package ai.tatbot.state.server.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** How a token is written: {@code tat_} and 43 letters, digits, {@code -} and {@code _}, which are 256 random bits. */
public final class TokenText {
    /** What every token begins with, so that it is known for one wherever it turns up. */
    public static final String PREFIX = "tat_";

    private static final int BYTES = 32;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private TokenText() {}

    /** A new one. It is a secret: show it once, to whom it is for. */
    static String random() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Whether it could be one. */
    static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }
}
