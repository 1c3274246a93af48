package ai.tatbot.state.server.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 of a token, the form in which it is stored. Immutable; does not show itself in logs. */
final class TokenHash {
    private static final String LABEL = "sha256:";
    private static final Pattern FORM = Pattern.compile(LABEL + "[0-9a-f]{64}");
    private static final String HMAC = "HmacSHA256";

    private final byte[] bytes;

    private TokenHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static TokenHash of(String token) {
        try {
            return new TokenHash(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** @throws IllegalArgumentException if it is none; the message does not repeat it */
    static TokenHash parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("the hash must be " + LABEL + " and 64 hexadecimal digits");
        }
        return new TokenHash(HexFormat.of().parseHex(text, LABEL.length(), text.length()));
    }

    /** As it stands in a token file. */
    String text() {
        return LABEL + HexFormat.of().formatHex(bytes);
    }

    /** Whether they are the same; takes as long if they are not. */
    boolean matches(TokenHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** Message authentication code of a text, with this as its key. */
    byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(bytes, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "TokenHash";
    }
}
