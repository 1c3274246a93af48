package ai.tatbot.state.server.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * A {@code redis-server} to run.
 *
 * @param file the program
 * @param origin where it comes from, for people
 */
record RedisProgram(Path file, String origin) {
    /**
     * The first {@code redis-server} on the PATH, else the one that this program carries.
     *
     * @param folder where to unpack the latter
     * @throws IOException if there is none for this kind of machine
     */
    static RedisProgram find(Map<String, String> environment, Path folder) throws IOException {
        for (String entry : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(entry.isEmpty() ? "." : entry, "redis-server");
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return new RedisProgram(candidate.toAbsolutePath(), candidate.toString());
            }
        }
        return unpack(folder);
    }

    private static RedisProgram unpack(Path folder) throws IOException {
        String resource = ExecutableProvider.newProvidedVersionsMap().get(machine());
        try (InputStream program = resource == null ? null : RedisProgram.class.getResourceAsStream(resource)) {
            if (program == null) {
                throw new IOException(
                        "there is no redis-server on the PATH, and none for this kind of machine comes with"
                                + " this program. Install the package redis-server.");
            }
            Path file = folder.resolve("redis-server");
            Files.copy(program, file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return new RedisProgram(file, "the bundled redis-server");
        }
    }

    /** Not asked of the library, which runs programs to find out. */
    private static @Nullable OsArchitecture machine() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        boolean is64BitX86 = processor.equals("amd64") || processor.equals("x86_64");
        if (system.contains("linux")) {
            return is64BitX86
                    ? OsArchitecture.UNIX_x86_64
                    : processor.equals("aarch64")
                            ? OsArchitecture.UNIX_AARCH64
                            : processor.matches("x86|i[3-6]86") ? OsArchitecture.UNIX_x86 : null;
        }
        if (system.contains("mac")) {
            return is64BitX86 ? OsArchitecture.MAC_OS_X_x86_64 : OsArchitecture.MAC_OS_X_ARM64;
        }
        return null;
    }
}
