package ai.tatbot.state.server.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes a token file. A change replaces the file as a whole, so that no reader sees half of one. Changes happen one after
 * the other, also those of several processes: each locks an empty file beside it, which stays there.
 */
public final class TokenStore {
    /** A file that is larger is no token file. */
    private static final long LARGEST = 1 << 20;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final String HEADING =
            "# Tokens of tatbot-state serve, hashed. Each line: NAME SCOPES CREATED EXPIRES"
                    + " HASH. Change it with: tatbot-state token";

    private final Path file;

    public TokenStore(Path file) {
        this.file = file;
    }

    /**
     * A new token, added to the file, which is made if it is missing.
     *
     * @return the token: a secret, which is stored nowhere
     * @throws TokenFileException if the name is taken or not allowed, or the file cannot be read or written
     */
    public String add(String name, Set<Scope> scopes, @Nullable Instant expires) {
        String token = TokenText.random();
        alone(() -> {
            try {
                List<String> lines = Files.exists(file) ? new ArrayList<>(lines()) : new ArrayList<>(List.of(HEADING));
                lines.add(TokenLine.format(new StoredToken(name, scopes, Instant.now(), expires, TokenHash.of(token))));
                Tokens.parse(lines);
                write(lines);
                return true;
            } catch (IllegalArgumentException e) {
                throw unusable(String.valueOf(e.getMessage()), e);
            }
        });
        return token;
    }

    /**
     * Removes a token. A running server takes notice within a second.
     *
     * @return whether there was one of that name
     * @throws TokenFileException if the file cannot be read or written
     */
    public boolean remove(String name) {
        // Before anything is made beside a file that is not there.
        return has(name)
                && alone(() -> {
                    // Another may have been faster.
                    if (!has(name)) {
                        return false;
                    }
                    write(lines().stream()
                            .filter(line -> TokenLine.isComment(line)
                                    || !TokenLine.parse(line).name().equals(name))
                            .toList());
                    return true;
                });
    }

    private boolean has(String name) {
        return read().named(name).isPresent();
    }

    /** Runs a change while no other runs, in this process or another. */
    @SuppressWarnings("try") // it is held, not used
    private boolean alone(BooleanSupplier change) {
        // A lock of a file is the process's; threads need one of their own.
        synchronized (TokenStore.class) {
            try (FileChannel channel = lock()) {
                return change.getAsBoolean();
            } catch (IOException e) {
                throw new TokenFileException("cannot lock " + file + ".lock (" + reason(e) + ")", e);
            }
        }
    }

    /** Closing it unlocks. */
    private FileChannel lock() throws IOException {
        Path target = target();
        Path path = target.resolveSibling(target.getFileName() + ".lock");
        FileAttribute<?>[] attributes =
                path.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                        : new FileAttribute<?>[0];
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                attributes);
        try {
            // Or the owner could change nothing any more, once an administrator has.
            keepOwner(target, path);
            channel.lock();
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Where the name is a link, what it points to is replaced, not the link. */
    private Path target() throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    /** @throws TokenFileException if the file cannot be read */
    public List<StoredToken> list() {
        return read().all();
    }

    Tokens read() {
        try {
            return Tokens.parse(lines());
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()), e);
        }
    }

    private List<String> lines() {
        try {
            check();
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw unusable("it is not text in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void check() throws IOException {
        BasicFileAttributes attributes = attributes();
        if (!attributes.isRegularFile()) {
            throw unusable("it is no regular file", null);
        }
        if (attributes.size() > LARGEST) {
            throw unusable("it is larger than 1 MiB", null);
        }
        if (attributes instanceof PosixFileAttributes posix
                && !PosixFilePermissions.toString(posix.permissions()).endsWith("------")) {
            throw unusable("others than its owner may use it; do: chmod 600 " + file, null);
        }
    }

    /** What tells one state of the file from another. */
    BasicFileAttributes attributes() throws IOException {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null
                ? Files.readAttributes(file, PosixFileAttributes.class)
                : Files.readAttributes(file, BasicFileAttributes.class);
    }

    private void write(List<String> lines) {
        Path temporary = null;
        try {
            Path target = target();
            // Readable by its owner only, from the beginning.
            temporary = Files.createTempFile(target.getParent(), ".tokens", ".new");
            Files.write(temporary, lines, StandardCharsets.UTF_8);
            keepOwner(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            discard(temporary);
            throw new TokenFileException("cannot write " + file + " (" + reason(e) + ")", e);
        }
    }

    private static void keepOwner(Path target, Path temporary) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        view.setPermissions(OWNER_ONLY);
        if (Files.exists(target)) {
            PosixFileAttributes before = Files.readAttributes(target, PosixFileAttributes.class);
            if (!before.owner().equals(view.readAttributes().owner())) {
                view.setOwner(before.owner());
            }
        }
    }

    private static void discard(@Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                temporary.toFile().deleteOnExit();
            }
        }
    }

    private TokenFileException unusable(String why, @Nullable Throwable cause) {
        String message = "the token file " + file + " cannot be used: " + why;
        return cause == null ? new TokenFileException(message) : new TokenFileException(message, cause);
    }

    TokenFileException unreadable(IOException e) {
        return new TokenFileException("cannot read the token file " + file + " (" + reason(e) + ")", e);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is none"
                : e.getClass().getSimpleName().replace("Exception", "");
    }
}
