package ai.tatbot.state.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A published version: its files are what they were, as the sums beside them tell. */
final class FrozenFiles {
    private static final String SUMS = "SHA256SUMS";

    private FrozenFiles() {}

    /** @throws IllegalStateException if one was changed, added or removed since */
    static void check(Path folder) throws IOException {
        TreeMap<String, String> frozen = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve(SUMS))) {
            frozen.put(line.substring(66), line.substring(0, 64));
        }
        TreeMap<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(SUMS)) {
                    found.put(name, sum(Files.readAllBytes(file)));
                }
            }
        }
        if (!found.equals(frozen)) {
            found.entrySet().removeAll(frozen.entrySet());
            throw new IllegalStateException(folder + " is published, so nothing in it may change"
                    + (found.isEmpty() ? "; a file is missing" : ": " + found.keySet()));
        }
    }

    static String sum(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
