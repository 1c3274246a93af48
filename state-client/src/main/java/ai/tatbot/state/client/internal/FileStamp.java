package ai.tatbot.state.client.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file that has changed is told from one that has not, without reading it.
 *
 * @param fileKey what tells it from a file that had its name before; null where the file system has no such thing
 * @param streams whether it can be read only once, such as the pipe of a shell's {@code <(...)}
 */
record FileStamp(FileTime modified, long size, @Nullable Object fileKey, boolean streams) {
    /** A file that was written so shortly before may be written again without a change of its stamp. */
    private static final long UNSURE_MILLIS = 2_000;

    /** @throws IOException if the file is not there, or may not be looked at */
    static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(
                attributes.lastModifiedTime(), attributes.size(), attributes.fileKey(), attributes.isOther());
    }

    /** Whether whatever is written from now on will show. */
    boolean isSettled() {
        return System.currentTimeMillis() - modified.toMillis() > UNSURE_MILLIS;
    }
}
