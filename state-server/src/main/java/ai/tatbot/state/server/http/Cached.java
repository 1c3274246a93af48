package ai.tatbot.state.server.http;

import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Answers that stay the same while the program runs: a client that has one already is told so. */
public final class Cached {
    /** By the client only, since it was let in by a token; and for an hour, as another version of the program may say another thing. */
    private static final String CACHE_CONTROL = "private, max-age=3600";

    private Cached() {}

    /** Sends it, or says that it is still the same. */
    public static void answer(Context context, String contentType, byte[] bytes) {
        String tag = tag(bytes);
        context.header("ETag", tag).header("Cache-Control", CACHE_CONTROL);
        if (matches(context.header("If-None-Match"), tag)) {
            context.status(304);
        } else {
            context.contentType(contentType).result(bytes);
        }
    }

    private static boolean matches(@Nullable String known, String tag) {
        // A proxy that compresses makes the tag a weak one.
        return known != null && (known.strip().equals("*") || known.contains(tag));
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
