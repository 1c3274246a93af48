package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.show.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whether files that hold a password or a key can be read by others than their owner. */
final class SecretsCheck extends Check {
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("------rw-");
    private static final Set<PosixFilePermission> GROUP = PosixFilePermissions.fromString("---rw----");

    /** Variables that name such a file. */
    private static final List<String> VARIABLES =
            List.of("REDIS_PASSWORD_FILE", "REDIS_SENTINEL_PASSWORD_FILE", "REDIS_TLS_KEY_FILE");

    SecretsCheck() {
        super(Part.NODE, "secrets");
    }

    @Override
    Result examine(Examination examination) {
        Map<String, String> environment = examination.patient().environment();
        List<Path> files = files(examination.patient());
        if (files.isEmpty()) {
            return Result.ok("no file with a password or key is used");
        }
        List<String> open = new ArrayList<>();
        List<String> shared = new ArrayList<>();
        for (Path file : files) {
            try {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                if (permissions.stream().anyMatch(OTHERS::contains)) {
                    open.add(name(file, permissions));
                } else if (permissions.stream().anyMatch(GROUP::contains) && !isCredential(file, environment)) {
                    shared.add(name(file, permissions));
                }
            } catch (IOException | UnsupportedOperationException e) {
                return Result.notChecked("cannot look at " + Words.safe(file.toString()) + " ("
                        + e.getClass().getSimpleName() + ")");
            }
        }
        if (!open.isEmpty()) {
            return Result.fail(
                    "every user of this machine can read or change " + Words.some(open, 3),
                    "chmod 600 it, and give this node a new password or key: it may have been read.");
        }
        if (!shared.isEmpty()) {
            return Result.warn("its group can read or change " + Words.some(shared, 3), "chmod 600 it.");
        }
        return Result.ok(Text.count(files.size(), "file") + ", for " + (files.size() == 1 ? "its" : "their")
                        + " owner alone")
                .with("files", files.stream().map(Path::toString).toList());
    }

    private static List<Path> files(Patient patient) {
        return Stream.concat(
                        patient.secrets().stream(),
                        VARIABLES.stream()
                                .map(variable -> patient.environment().getOrDefault(variable, ""))
                                .filter(file -> !file.isBlank())
                                .map(file -> Path.of(file.strip())))
                .distinct()
                .toList();
    }

    private static String name(Path file, Set<PosixFilePermission> permissions) {
        return Words.safe(file.toString()) + " (" + PosixFilePermissions.toString(permissions) + ")";
    }

    /** The bits of the group stand for the mask of an access list there, by which systemd lets one user in. */
    private static boolean isCredential(Path file, Map<String, String> environment) {
        String folder = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        return !folder.isEmpty() && file.toAbsolutePath().startsWith(Path.of(folder));
    }
}
