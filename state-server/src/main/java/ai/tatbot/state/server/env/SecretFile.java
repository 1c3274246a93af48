package ai.tatbot.state.server.env;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner may read. */
public final class SecretFile {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<?> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private SecretFile() {}

    /** Makes a folder for them, and those above it that are missing, if it is not there. */
    public static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, OWNER_FOLDER);
    }

    /**
     * Writes one anew, as a whole: a reader sees the old one or the new one, and never one that others may read.
     *
     * @throws UncheckedIOException if it cannot be written; the old one is there then
     */
    public static void write(Path file, String text) {
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, OWNER_ONLY);
            Files.writeString(temporary, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
