package ai.tatbot.state.server.backup;

import ai.tatbot.state.client.internal.KeyCopy;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Set;
import java.util.UUID;

/**
 * Writes a backup: readable by its owner only, under another name until it is whole and on the disk. What is not {@link
 * #finish()}ed leaves nothing behind, even if the process is told to end. Not thread-safe.
 *
 * <p>The format, for {@link BackupReader}: lines that end with LF, the first {@value BackupHeader#MAGIC}, then those of the header,
 * then an empty one. For each key: length of the name, name, expiry in ms since 1970 (-1: never), length of the value, value as by
 * {@code DUMP}. Then the length -1, the number of keys, and the SHA-256 of all that comes before it. Lengths are 32 bits, expiry and
 * number 64, the highest byte first.
 */
final class BackupWriter implements AutoCloseable {
    static final int END = -1;
    static final long NEVER = -1;

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.start();
    private final DataOutputStream out;
    private final Thread atExit;
    private long keys;

    /**
     * Begins.
     *
     * @param replace whether a file that is there already is replaced in the end
     * @throws BackupException if it cannot be written, or is there already
     */
    BackupWriter(Path file, BackupHeader header, boolean replace) {
        this.file = file.toAbsolutePath();
        this.unfinished = this.file.resolveSibling("." + this.file.getFileName() + "." + UUID.randomUUID() + ".part");
        if (!replace && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BackupException(file + " exists already. Name another file, or let it be replaced: --replace.");
        }
        try {
            this.channel = FileChannel.open(
                    unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly());
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        this.atExit = new Thread(this::discard, "tatbot-backup-discard");
        Runtime.getRuntime().addShutdownHook(atExit);
        this.out = new DataOutputStream(
                new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), digest));
        try {
            line(BackupHeader.MAGIC);
            for (String line : header.lines()) {
                line(line);
            }
            line("");
        } catch (IOException e) {
            close();
            throw cannotWrite(e);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private void line(String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** @throws BackupException if it cannot be written */
    void write(KeyCopy copy) {
        try {
            out.writeInt(copy.name().length);
            out.write(copy.name());
            out.writeLong(copy.expiry() == null ? NEVER : copy.expiry());
            out.writeInt(copy.value().length);
            out.write(copy.value());
            keys++;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Ends it, and gives it its name.
     *
     * @return its length in bytes
     * @throws BackupException if it cannot be written
     */
    long finish() {
        try {
            out.writeInt(END);
            out.writeLong(keys);
            // The flush comes first: it passes through the digest, which this ends.
            out.flush();
            byte[] sum = digest.digest();
            out.write(sum);
            out.flush();
            // A name without its content, after a power cut, would look like a backup.
            channel.force(true);
            long length = channel.size();
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return length;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Discards it, unless it is finished. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Whatever is there is discarded, or whole.
        }
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending, and discards it by itself.
        }
    }

    private void discard() {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            unfinished.toFile().deleteOnExit();
        }
    }

    private BackupException cannotWrite(IOException e) {
        return new BackupException(
                "cannot write " + file + " (" + e.getClass().getSimpleName().replace("Exception", "") + ": "
                        + e.getMessage() + "). Is there such a folder, and room?",
                e);
    }
}
