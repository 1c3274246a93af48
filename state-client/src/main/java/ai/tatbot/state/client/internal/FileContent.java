package ai.tatbot.state.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was in a file when it was read, which may be a secret: it does not show itself. */
final class FileContent {
    private final Path path;
    private final byte[] bytes;

    private FileContent(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Reads it. @throws IllegalArgumentException if that cannot be done; the message names it */
    static FileContent read(Path path) {
        try {
            return new FileContent(path, Files.readAllBytes(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    byte[] bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException if it is not UTF-8 */
    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unreadable(path, e);
        }
    }

    private static IllegalArgumentException unreadable(Path path, IOException e) {
        return new IllegalArgumentException(
                "cannot read " + path + " (" + e.getClass().getSimpleName() + ")", e);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
