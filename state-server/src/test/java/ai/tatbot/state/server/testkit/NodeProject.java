package ai.tatbot.state.server.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A folder of {@code src/test/node}: JavaScript with packages of its own, which are installed when first needed. */
public final class NodeProject {
    private static final Duration INSTALLATION = Duration.ofMinutes(5);

    private final Path folder;

    private NodeProject(Path folder) {
        this.folder = folder;
    }

    /** The project in this folder. Installs what its lock file names, unless that has been done since it was changed. */
    public static synchronized NodeProject of(String name) {
        Path folder = Path.of("src", "test", "node", name).toAbsolutePath();
        NodeProject project = new NodeProject(folder);
        // Other test processes may want the same one now.
        Path lock = Path.of("target", "node-" + name + ".lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock locking = file.lock()) {
            assert locking.isValid();
            Path installed = folder.resolve("node_modules").resolve(".package-lock.json");
            Path locked = folder.resolve("package-lock.json");
            if (!Files.exists(installed)
                    || Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(locked)) < 0) {
                project.start(INSTALLATION, Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund", "--silent"))
                        .requireSuccess();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return project;
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Runs one of its scripts with Node to its end; what it wrote to both outputs is in the outcome. */
    public Outcome run(Duration limit, Map<String, String> environment, String script, String... arguments) {
        // Debian 12's is too old for some; those bring one.
        Path own = folder.resolve(Path.of("node_modules", "node", "bin", "node"));
        List<String> command = new ArrayList<>(List.of(Files.exists(own) ? own.toString() : "node", script));
        command.addAll(List.of(arguments));
        return start(limit, environment, command);
    }

    private Outcome start(Duration limit, Map<String, String> environment, List<String> command) {
        try {
            File output = File.createTempFile("node", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output);
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError(command + " was not done within " + limit + "; it wrote:\n"
                            + Files.readString(output.toPath()));
                }
                return new Outcome(command, process.exitValue(), Files.readString(output.toPath()));
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                Files.delete(output.toPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What became of a script.
     *
     * @param command what was run
     * @param exit exit code
     * @param output what it wrote
     */
    public record Outcome(List<String> command, int exit, String output) {
        /** Fails the test, with the output, unless the script ended with 0. */
        public Outcome requireSuccess() {
            if (exit != 0) {
                throw new AssertionError(command + " ended with " + exit + "; it wrote:\n" + output);
            }
            return this;
        }
    }
}
