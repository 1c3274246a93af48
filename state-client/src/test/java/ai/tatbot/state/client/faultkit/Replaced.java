package ai.tatbot.state.client.faultkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Replaces files as administrators should: whoever reads one finds the old or the new one, whole. */
public final class Replaced {
    private Replaced() {}

    /** Puts these files, one behind the other, in the place of that one, which need not be there; returns it. */
    public static Path by(Path file, Path... sources) {
        StringBuilder text = new StringBuilder();
        try {
            for (Path source : sources) {
                text.append(Files.readString(source));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return by(file, text.toString());
    }

    /** Puts a file with this text in the place of that one, which need not be there; returns it. */
    public static Path by(Path file, String text) {
        try {
            Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
            return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
