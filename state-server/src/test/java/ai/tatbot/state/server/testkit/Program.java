package ai.tatbot.state.server.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The packaged program, running as a process. */
public final class Program implements AutoCloseable {
    /** What ops/tatbot-state gives the JVM for a server. */
    private static final List<String> LAUNCHER_OPTIONS =
            List.of("@" + Path.of("..", "ops", "lib", "serve.jvm").toAbsolutePath());

    private static final Pattern URL = Pattern.compile("https?://[0-9.]+:[0-9]+");

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private Program(Process process) {
        this.process = process;
        this.readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
    }

    /** Starts the jar that the build has made, with no other variables than these and the PATH. */
    public static Program start(Map<String, String> environment, String... arguments) {
        return start(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), environment, List.of(arguments));
    }

    private static Program start(List<String> options, Map<String, String> environment, List<String> arguments) {
        Path jar = Path.of("target", "state-server-app.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar.toAbsolutePath() + " is missing; it is made by the phase package");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server on a free port as the launcher does, and waits until it knows the fleet. */
    public static Program serve(Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve", "--port", "0"));
        all.addAll(List.of(arguments));
        Program program = start(LAUNCHER_OPTIONS, environment, all);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(program::isReady);
        return program;
    }

    private boolean isReady() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the server has ended; it wrote " + out + err);
        }
        if (out.isEmpty()) {
            return false;
        }
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url() + "/readyz").toURL().openConnection();
        return connection.getResponseCode() == 200;
    }

    /** Where a server listens, as it said. */
    public String url() {
        Matcher matcher = URL.matcher(out.get(0));
        if (!matcher.find()) {
            throw new IllegalStateException("the server did not say where it listens: " + out);
        }
        return matcher.group();
    }

    private static Thread reader(InputStream stream, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(" + e + ")");
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Lines of standard output so far. */
    public List<String> out() {
        return out;
    }

    /** Lines of standard error so far. */
    public List<String> err() {
        return err;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a signal: {@code INT}, {@code TERM}, {@code KILL}. */
    public void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end; returns the exit code. */
    public int await(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + seconds + " s; it wrote " + out + err);
            }
            for (Thread reader : readers) {
                reader.join(5_000);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Command lines of the processes of this machine that contain a text, as every user sees them. */
    public static List<String> commandLines(String text) {
        return ProcessHandle.allProcesses()
                .map(Program::commandLine)
                .filter(line -> line.contains(text))
                .collect(Collectors.toList());
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
