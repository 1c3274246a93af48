package ai.tatbot.state.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.health.HealthReporter;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The machine of somebody who reads the documentation and types what it says: a folder that looks like the project, a Redis on which a robot
 * draws, a server. Where a page names an address or a folder of a real fleet, this machine's own is put instead.
 */
final class ReadersMachine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int ENOUGH_SECONDS = 5;
    private static final int INTERRUPTED = 130;

    /** What goes on until somebody stops it. */
    private static final Pattern ENDLESS = Pattern.compile(
            "(\\w+=\\S+ )*(ops/)?tatbot-state (serve|demo|watch)\\b(?!.*(--once|--count|--for|--help)).*");

    private final Path folder;
    private final Path etc;
    private final RedisServer redis;
    private final Program server;
    private final StateManager hog;
    private final HealthReporter health;
    private final DrawingRobot robot;

    /** @param folder an empty one */
    ReadersMachine(Path folder) throws IOException {
        this.folder = folder;
        this.etc = Files.createDirectories(folder.resolve("etc/tatbot/nodes/hog"))
                .resolve("../..")
                .normalize();
        Path users = Files.writeString(
                folder.resolve("users.acl"), "user default on >" + RedisServer.PASSWORD + " ~* &* +@all\n");
        // As a fleet has it: users in a file, and data on the disk.
        redis = RedisServer.start("--aclfile", users.toString(), "--appendonly", "yes");
        Path root = Snippet.ROOT.toRealPath();
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("tatbot-state"), root.resolve("ops/tatbot-state"));
        script(bin.resolve("sudo"), "exec \"$@\"");
        for (String node : List.of("admin", "hog", "ook", "eek")) {
            Path env = Files.writeString(
                    etc.resolve(node + ".env"), "REDIS_URL=" + redis.url() + "\nSTATE_NODE_ID=" + node + "\n");
            Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
        }
        hog = StateManager.connect(redis.options().nodeId("hog").build());
        health = HealthReporter.start(hog);
        robot = new DrawingRobot(hog);
        server = Program.serve(Map.of("REDIS_URL", redis.url(), "STATE_NODE_ID", "eek"));
    }

    /** A folder that looks like the project, for one page: what its blocks leave there is in nobody's way. */
    private Path project(Snippet snippet) throws IOException {
        Path project = folder.resolve(name(snippet.file()));
        if (Files.exists(project)) {
            return project;
        }
        Files.createDirectory(project);
        try (Stream<Path> entries = Files.list(Snippet.ROOT.toRealPath())) {
            for (Path entry : entries.filter(
                            each -> !each.getFileName().toString().matches("target|[.].*"))
                    .toList()) {
                Files.createSymbolicLink(project.resolve(entry.getFileName()), entry);
            }
        }
        return project;
    }

    private static String name(Path page) {
        return page.toString().replaceAll("[^A-Za-z0-9]", "_");
    }

    private static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A page's text with this machine's addresses and folders. */
    private String here(Snippet snippet, String text) throws IOException {
        String address = server.url().replaceFirst("https?://", "");
        return text.replace("/tmp/", project(snippet) + "/")
                .replace("/etc/tatbot", etc.toString())
                .replace("127.0.0.1:8765", address)
                .replace("localhost:8765", address)
                .replace("eek:8765", address)
                .replace("tatbot-state serve", "tatbot-state serve --port 0")
                .replace("--host 0.0.0.0", "--host 127.0.0.1");
    }

    /** Runs a block whole; what goes on for ever at its end by itself, so that it is stopped for what it has said itself. */
    void runShell(Snippet snippet) throws IOException {
        List<String> lines = snippet.text().stripTrailing().lines().toList();
        String last = lines.get(lines.size() - 1);
        List<String> command = Shell.commands(last);
        if (command.isEmpty() || !ENDLESS.matcher(command.get(0)).matches()) {
            run(snippet, bash(snippet, snippet.text()), Map.of(), false);
            return;
        }
        String before = String.join("\n", lines.subList(0, lines.size() - 1));
        if (!Shell.commands(before).isEmpty()) {
            run(snippet, bash(snippet, before), Map.of(), false);
        }
        run(snippet, bash(snippet, last), Map.of(), true);
    }

    private List<String> bash(Snippet snippet, String text) throws IOException {
        return List.of("bash", "-o", "pipefail", "-euc", here(snippet, text));
    }

    void runPython(Snippet snippet) throws IOException {
        Path file = python(snippet);
        run(snippet, List.of("/usr/bin/python3", file.toString()), Map.of("PYTHONUNBUFFERED", "1"), true);
    }

    /** A file that holds it; what awaits something at the outermost level gets a coroutine around it. */
    private Path python(Snippet snippet) throws IOException {
        Path file = project(snippet).resolve("snippet_" + name(snippet.file()) + "_" + snippet.line() + ".py");
        String text = here(snippet, snippet.text());
        if (Pattern.compile("(?m)^(async (with|for)|await|\\w+ = await)\\b")
                .matcher(text)
                .find()) {
            text = "import asyncio\n" + imports(text) + "\n\nasync def main() -> None:\n"
                    + body(text).indent(4) + "\n\nasyncio.run(main())\n";
        }
        Files.writeString(file, text);
        return file;
    }

    private static String imports(String text) {
        String own = text.lines().filter(ReadersMachine::isImport).reduce("", (all, line) -> all + line + "\n");
        return own.contains("StateManager") ? own : "from tatbot_state.aio import StateManager\n" + own;
    }

    private static String body(String text) {
        return text.lines().filter(line -> !isImport(line)).reduce("", (all, line) -> all + line + "\n");
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ") || line.startsWith("from ");
    }

    void checkPython(List<Snippet> snippets) throws IOException {
        List<String> command = new ArrayList<>(List.of("mypy", "--strict", "--no-error-summary"));
        for (Snippet snippet : snippets) {
            command.add(python(snippet).toString());
        }
        run(snippets.get(0), command, Map.of("MYPYPATH", packagePath()), false);
    }

    private static String packagePath() throws IOException {
        return Snippet.ROOT.toRealPath().resolve("schema/python/target/package").toString();
    }

    void runJava(Snippet snippet, Path classes) {
        run(
                snippet,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes.toAbsolutePath() + ":" + System.getProperty("java.class.path"),
                        JavaSnippets.packageOf(snippet) + "." + JavaSnippets.program(snippet)),
                Map.of(),
                true);
    }

    /**
     * Runs it in the project's folder.
     *
     * @param endless whether it may go on for ever: then it is stopped once it has said something
     */
    private void run(Snippet snippet, List<String> command, Map<String, String> environment, boolean endless) {
        try {
            Path output = Files.createTempFile(folder, "output", "");
            // In a session of its own, so that all of it can be stopped as Ctrl-C does.
            // Whoever runs the tests in the background ignores Ctrl-C, and so would what they start.
            List<String> all = new ArrayList<>(List.of("setsid", "--wait", "env", "--default-signal=INT"));
            all.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(all)
                    .directory(project(snippet).toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(REDIS|STATE|TATBOT)_.*"));
            builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
            builder.environment().put("HOME", folder.toString());
            builder.environment().put("REDIS_URL", redis.url());
            builder.environment().put("PYTHONPATH", packagePath());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                await(process, output, endless);
                boolean stopped = process.isAlive();
                if (stopped) {
                    interrupt(process);
                    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .as("%s ends when it is told to", snippet)
                            .isTrue();
                }
                String said = Files.readString(output);
                if (stopped) {
                    assertThat(process.exitValue()).as("%s%n%s", snippet, said).isIn(0, INTERRUPTED);
                    assertThat(withoutInterrupt(said))
                            .as("%s", snippet)
                            .doesNotContain("Traceback", "Exception in thread");
                } else {
                    assertThat(process.exitValue()).as("%s%n%s", snippet, said).isZero();
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Without what Python says of Ctrl-C, which is the last that it says: one trace, or two if it came while something was awaited. */
    private static String withoutInterrupt(String said) {
        String rest = said.stripTrailing();
        if (rest.endsWith("KeyboardInterrupt")) {
            rest = rest.substring(0, Math.max(0, rest.lastIndexOf("Traceback"))).stripTrailing();
            if (rest.endsWith("another exception occurred:")) {
                rest = rest.substring(0, Math.max(0, rest.lastIndexOf("Traceback")));
            }
        }
        return rest;
    }

    private static void await(Process process, Path output, boolean endless) throws InterruptedException {
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive() || (endless && Files.size(output) > 0));
            if (endless) {
                // What is not endless after all may end by itself.
                process.waitFor(ENOUGH_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(endless ? "it says nothing" : "it does not end", e);
        }
    }

    /** As Ctrl-C does: all of it, which is a group of processes of its own. */
    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", "--", "-" + process.pid())
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        robot.close();
        health.close();
        hog.close();
        server.close();
        redis.close();
    }
}
