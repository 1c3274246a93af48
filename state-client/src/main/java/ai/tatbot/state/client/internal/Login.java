package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateOptions.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who we are at one kind of server: a user, and the password of today. Shows no password. Thread-safe. */
public final class Login {
    private final Optional<String> username;
    private final Optional<String> fixed;
    private final @Nullable OfFiles<String> file;

    private Login(Optional<String> username, Optional<String> fixed, @Nullable OfFiles<String> file) {
        this.username = username;
        this.fixed = fixed;
        this.file = file;
    }

    /**
     * A login.
     *
     * @param password as it is, or was in the file when the options were made
     * @param file whose first line it is, read again when it has changed; empty for a password that stays
     */
    static Login of(
            Optional<String> username, Optional<Secret> password, Optional<Path> file, Consumer<Problem> problems) {
        Optional<String> first = password.map(Secret::reveal);
        if (file.isEmpty() || first.isEmpty()) {
            return new Login(username, first, null);
        }
        return new Login(
                username,
                first,
                new OfFiles<>(List.of(file.get()), read -> password(read.get(0)), first.get(), List.of(), problems));
    }

    /** The login of someone who gives no name and no password. */
    static Login nobody() {
        return new Login(Optional.empty(), Optional.empty(), null);
    }

    /**
     * The first line of a file.
     *
     * @throws IllegalArgumentException if it cannot be read, or that line is empty; the message names it, and shows nothing of it
     */
    public static String readPassword(Path file) {
        return password(FileContent.read(file));
    }

    private static String password(FileContent file) {
        // As it is: blanks may be part of a password.
        String line = file.text().lines().findFirst().orElse("");
        if (line.isBlank()) {
            throw new IllegalArgumentException(file.path() + " is empty; its first line must be the password");
        }
        return line;
    }

    /** ACL user; empty for the default user. */
    public Optional<String> username() {
        return username;
    }

    /** The password as of now; empty for none. May read a file. */
    public Optional<String> password() {
        return file == null ? fixed : Optional.of(file.current());
    }

    /**
     * Whether a server has refused this password, and there is another one by now. A file is read again for that, and in any case
     * before the next attempt, even if it seems not to have changed.
     *
     * @param failure of the attempt to connect
     * @param used the password that it was made with
     */
    public boolean isRenewedSince(Throwable failure, Optional<String> used) {
        if (file == null || !RedisErrors.isWrongPassword(failure)) {
            return false;
        }
        file.doubt();
        return !password().equals(used);
    }
}
