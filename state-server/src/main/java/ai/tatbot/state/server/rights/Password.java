package ai.tatbot.state.server.rights;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A password of a user of Redis. A secret: its {@link #toString} does not show it.
 *
 * <p>Redis stores SHA-256 of it, and that is what is sent to make it valid: 256 random bits need no slow hash.
 */
public final class Password {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private Password(String text) {
        this.text = text;
    }

    /** A new one of 256 random bits: letters, digits, {@code -} and {@code _}, which no file and no shell needs to quote. */
    public static Password random() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /**
     * One that someone chose.
     *
     * @throws IllegalArgumentException if it is blank, or has a character that is not printable ASCII
     */
    public static Password of(String text) {
        if (text.isBlank() || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("a password must be of printable ASCII characters, and not blank");
        }
        return new Password(text);
    }

    /** The password itself, to hand to whom it is for. */
    public String reveal() {
        return text;
    }

    /** What Redis stores: SHA-256 in hex digits. */
    public String hash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
