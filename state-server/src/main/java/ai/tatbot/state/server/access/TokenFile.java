package ai.tatbot.state.server.access;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token file that is followed as it changes: when somebody asks for its tokens, it is looked at, once a second at most, and
 * read again if it is another. One that cannot be read changes nothing and is reported, once. Thread-safe.
 */
public final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** A file that was written so shortly before it was read may have been written again since, at the same time by its stamp. */
    private static final long SAME_STAMP_MILLIS = 2_000;

    private final Path path;
    private final TokenStore store;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLook;
    private volatile Tokens tokens;
    private @Nullable String stamp;
    private @Nullable String reported;

    TokenFile(Path path, LongSupplier nanoTime) {
        this.path = path;
        this.store = new TokenStore(path);
        this.nanoTime = nanoTime;
        this.tokens = store.read();
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
    }

    /** @throws TokenFileException if it cannot be read; a server must not start without its tokens */
    public static TokenFile open(Path path) {
        return new TokenFile(path, System::nanoTime);
    }

    /** How many tokens it holds. */
    public int size() {
        return current().all().size();
    }

    Tokens current() {
        long now = nanoTime.getAsLong();
        long due = nextLook.get();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS)) {
            look();
        }
        return tokens;
    }

    private synchronized void look() {
        try {
            BasicFileAttributes attributes = store.attributes();
            String seen = stamp(attributes);
            if (seen.equals(stamp)) {
                return;
            }
            tokens = store.read();
            stamp = isSettled(attributes) ? seen : null;
            if (reported != null) {
                LOG.warn("{} can be used again", path);
                reported = null;
            }
        } catch (IOException e) {
            report(store.unreadable(e));
        } catch (TokenFileException e) {
            report(e);
        }
    }

    private void report(TokenFileException failure) {
        stamp = null;
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(reported)) {
            reported = message;
            LOG.error(
                    "{}. The {} tokens that were read before are still in force, also those that were to be revoked",
                    message,
                    tokens.all().size());
        }
    }

    private static String stamp(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey() + " "
                + (attributes instanceof PosixFileAttributes posix ? posix.permissions() : "");
    }

    private static boolean isSettled(BasicFileAttributes attributes) {
        return System.currentTimeMillis() - attributes.lastModifiedTime().toMillis() > SAME_STAMP_MILLIS;
    }
}
