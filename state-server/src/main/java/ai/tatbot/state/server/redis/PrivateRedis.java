package ai.tatbot.state.server.redis;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis for this process alone: on a free loopback port, with a random password, without a file of data unless one is wanted.
 * It is gone when this process is, however that ends.
 *
 * <p>For that, a shell stands between the two and reads orders from a pipe whose other end this process holds. The operating
 * system closes that end with the process, even one that is killed; the shell reads the end of the file, ends Redis, and removes
 * its folder. It runs in a session of its own, so that Ctrl-C reaches this process only, which can still write its last words.
 */
public final class PrivateRedis implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;

    /** How long an order to end may take. */
    private static final Duration END_WITHIN = Duration.ofSeconds(3);

    /**
     * $1 program, $2 folder. An empty order asks whether Redis still runs; if not, that is the end, and the folder with its logs is
     * left to this process. (Without jobs the shell would not notice.) At the end Redis is killed outright: that cannot hang, and its data goes with it.
     */
    private static final String KEEPER = """
            PATH=$PATH:/usr/bin:/bin
            trap '' INT HUP TERM
            exec 3<&0 </dev/null
            redis=
            order() { [ -z "$redis" ] || kill "-$1" "$redis" 2>/dev/null; }
            over() { order "$1"; [ -z "$redis" ] || wait "$redis"; redis=; }
            while read -r order <&3; do
                case $order in
                    start) "$1" "$2/redis.conf" 3<&- & redis=$! ;;
                    kill) over KILL ;;
                    end) over TERM ;;
                    freeze) order STOP ;;
                    thaw) order CONT ;;
                    *) jobs >/dev/null; order 0 || exit ;;
                esac
            done
            over KILL 2>/dev/null
            rm -rf -- "$2"
            """;

    private final Path folder;
    private final Process keeper;
    private final OutputStream lifeline;
    private final int port;
    private final String password;
    private final String origin;

    private PrivateRedis(Path folder, Process keeper, int port, String password, String origin) {
        this.folder = folder;
        this.keeper = keeper;
        this.lifeline = keeper.getOutputStream();
        this.port = port;
        this.password = password;
        this.origin = origin;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param environment of this process; its PATH tells where to look for a {@code redis-server}
     * @throws StateException if none can be started
     */
    public static PrivateRedis start(Map<String, String> environment) {
        return start(environment, false);
    }

    /**
     * Starts one that writes what it holds to a file in its folder, so that it has it again after {@link #kill} and {@link
     * #startAgain}. Otherwise as {@link #start(Map)}.
     *
     * @throws StateException if none can be started
     */
    public static PrivateRedis startWithData(Map<String, String> environment) {
        return start(environment, true);
    }

    private static PrivateRedis start(Map<String, String> environment, boolean withData) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return startOnce(environment, withData);
                } catch (PortTakenException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new StateException(Reason.UNAVAILABLE, "starting a private Redis: " + e.getMessage(), e);
        }
    }

    private static PrivateRedis startOnce(Map<String, String> environment, boolean withData) throws IOException {
        Path folder = newFolder();
        try {
            RedisProgram program = RedisProgram.find(environment, folder);
            int port = freePort();
            String password = HexFormat.of().formatHex(random(24));
            // In a file, because every user of the machine sees a process's arguments.
            writeSecret(folder.resolve("redis.conf"), config(folder, port, password, withData));
            writeSecret(folder.resolve("password"), password + "\n");
            Process keeper = new ProcessBuilder(command(program, folder))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(folder.resolve("keeper.log").toFile())
                    .start();
            PrivateRedis redis = new PrivateRedis(folder, keeper, port, password, program.origin());
            redis.order("start");
            redis.awaitReady();
            if (!withData) {
                Files.deleteIfExists(folder.resolve("redis.conf"));
            }
            return redis;
        } catch (IOException | RuntimeException e) {
            remove(folder);
            throw e;
        }
    }

    /** Like {@link Files#createTempDirectory}, with a name that people can type. */
    private static Path newFolder() throws IOException {
        String suffix = HexFormat.of().formatHex(random(4));
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        return Files.createDirectory(
                Path.of(System.getProperty("java.io.tmpdir"), "tatbot-" + suffix),
                PosixFilePermissions.asFileAttribute(ownerOnly));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static List<String> command(RedisProgram program, Path folder) {
        List<String> command = new ArrayList<>();
        for (String setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (command.isEmpty() && Files.isExecutable(Path.of(setsid))) {
                command.add(setsid);
            }
        }
        command.addAll(List.of(
                "/bin/sh", "-c", KEEPER, "tatbot-redis-keeper", program.file().toString(), folder.toString()));
        return command;
    }

    private static String config(Path folder, int port, String password, boolean withData) {
        return """
                bind 127.0.0.1
                port %d
                protected-mode yes
                requirepass %s
                dir "%s"
                logfile "%s"
                save ""
                appendonly %s
                daemonize no
                maxmemory 100mb
                maxmemory-policy noeviction
                """.formatted(port, password, folder, folder.resolve("redis.log"), withData ? "yes" : "no");
    }

    private static void writeSecret(Path file, String content) throws IOException {
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.writeString(file, content);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + START_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (answers()) {
                return;
            }
            try {
                if (keeper.waitFor(5, TimeUnit.MILLISECONDS) || !order("")) {
                    throw failed("ended at once");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                close();
                throw new IOException("interrupted", e);
            }
        }
        IOException failure = failed("did not answer within " + START_WITHIN.toSeconds() + " s");
        close();
        throw failure;
    }

    /** Has the keeper do something. Returns false if it is gone. */
    private synchronized boolean order(String what) {
        try {
            lifeline.write((what + "\n").getBytes(StandardCharsets.US_ASCII));
            lifeline.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills it, as a power cut would, and returns once it is gone. It stays away until {@link #startAgain}. */
    public void kill() throws InterruptedException {
        end("kill");
    }

    /** Tells it to end, as an administrator would, and returns once it has. It stays away until {@link #startAgain}. */
    public void shutDown() throws InterruptedException {
        end("end");
    }

    private void end(String order) throws InterruptedException {
        order(order);
        long deadline = System.nanoTime() + END_WITHIN.toNanos();
        while (accepts()) {
            if (System.nanoTime() - deadline > 0) {
                throw new StateException(
                        Reason.TIMEOUT, "ending the private Redis at " + address() + ": it still runs");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Stops it in the middle of whatever it does; its connections stay open, and nothing is answered until {@link #thaw}. */
    public void freeze() {
        order("freeze");
    }

    /** Lets it go on. */
    public void thaw() {
        order("thaw");
    }

    /**
     * Starts it again after {@link #kill} or {@link #shutDown}, on the same port, and waits until it answers. Only for one that was
     * {@link #startWithData started with data}.
     *
     * @throws StateException if it does not start
     */
    public void startAgain() {
        order("start");
        try {
            awaitReady();
        } catch (IOException e) {
            throw new StateException(Reason.UNAVAILABLE, "starting the private Redis again: " + e.getMessage(), e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            socket.setSoTimeout(500);
            socket.getOutputStream().write(("AUTH " + password + "\r\n").getBytes(StandardCharsets.US_ASCII));
            // Anything but a plus: someone else's server has taken the port, or it is not ready yet.
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    private IOException failed(String what) {
        String log = read("redis.log") + read("keeper.log");
        if (log.contains("Address already in use")) {
            return new PortTakenException("port " + port + " was taken meanwhile");
        }
        String last = log.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
        return new IOException(origin + " " + what + (last.isEmpty() ? "" : ": " + last.strip())
                + ". Install the package redis-server, or name a running Redis with --redis.");
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    /** Options that reach it. */
    public StateOptions.Builder options() {
        return StateOptions.builder().host("127.0.0.1").port(port).password(password);
    }

    /** Where the program comes from: its path, or that it is the bundled one. */
    public String origin() {
        return origin;
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** A file that holds the password, which only this user may read. */
    public Path passwordFile() {
        return folder.resolve("password");
    }

    /** Ends it and removes what it left; a few milliseconds. */
    @Override
    public void close() {
        try {
            lifeline.close();
        } catch (IOException e) {
            // The keeper is gone already, and Redis with it.
            keeper.destroy();
        }
        try {
            if (!keeper.waitFor(3, TimeUnit.SECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (Files.exists(folder)) {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            // The keeper removes it too; whoever comes second finds nothing.
            return;
        }
    }

    /** Another process was faster. */
    private static final class PortTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        PortTakenException(String message) {
            super(message);
        }
    }
}
