package ai.tatbot.state.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Entry point of the build: {@code CheckEvolution <schema folder> <version>} fails if the schema breaks programs that were made for the
 * version that was published last, unless the version says so.
 */
public final class CheckEvolution {
    private CheckEvolution() {}

    /** @param args schema folder, version of the project */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: CheckEvolution <schema folder> <version>");
        }
        String report = check(Path.of(args[0]), args[1]);
        if (!report.isEmpty()) {
            System.out.println(report);
        }
    }

    /**
     * What changed, for people; empty if nothing did.
     *
     * @throws IllegalStateException if it breaks whom it must not, with what breaks, for whom, and what mends it
     */
    static String check(Path schemaFolder, String version) throws IOException {
        Path folder = schemaFolder.resolve("published");
        SchemaVersion published = latest(folder)
                .orElseThrow(() -> new IllegalStateException(folder + " has no version; see schema/README.md"));
        Path frozen = folder.resolve(published.toString());
        FrozenFiles.check(frozen);
        Changes changes = Evolution.compare(SchemaFolder.read(frozen), SchemaFolder.read(schemaFolder));
        SchemaVersion current = SchemaVersion.parse(version);
        if (!changes.breakages().isEmpty()) {
            String broken = lines(changes.breakages());
            if (!current.mayBreak(published)) {
                throw new IllegalStateException(refusal(published, current, broken));
            }
            return "The schema breaks programs of " + published + ", as version " + current + " says:\n" + broken;
        }
        if (!changes.additions().isEmpty()) {
            return "The schema has more than " + published + " had; to be released as " + published.nextCompatible()
                    + " or later:\n" + lines(changes.additions());
        }
        return "";
    }

    private static String refusal(SchemaVersion published, SchemaVersion current, String broken) {
        String next = published.nextBreaking().toString();
        return "The schema is incompatible with version " + published + ", which is published:\n" + broken
                + "\nUndo it; or, if it is meant, take a " + published.breakingStep() + " step, from " + current
                + " to " + next + ": ops/release --set-version " + next + "-SNAPSHOT";
    }

    private static String lines(List<?> changes) {
        return changes.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static Optional<SchemaVersion> latest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.map(version -> String.valueOf(version.getFileName()))
                    .filter(SchemaVersion::isOne)
                    .map(SchemaVersion::parse)
                    .max(SchemaVersion::compareTo);
        }
    }
}
