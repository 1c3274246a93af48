package ai.tatbot.state.server.doctor;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The Debian package that the Redis on this machine is of.
 *
 * @param name such as {@code redis-server}
 * @param installed when this version was unpacked
 */
record InstalledPackage(String name, DebianVersion version, Instant installed) {
    private static final List<String> PROGRAMS =
            List.of("redis-server", "valkey-server", "redis-check-rdb", "valkey-check-rdb");

    /** Empty if Redis runs elsewhere, or in a container, or no package has its program. */
    static Optional<InstalledPackage> of(Examination examination) {
        InfoText info = examination.info();
        Optional<String> program = info.text("executable");
        if (program.isEmpty() || !isHere(examination) || !isProcess(info.numberOrZero("process_id"))) {
            return Optional.empty();
        }
        // As in: redis-server: /usr/bin/redis-server
        return run("dpkg-query", "--search", program.get())
                .map(found -> found.substring(0, Math.max(0, found.indexOf(':'))))
                .filter(name -> name.matches("[a-z0-9+.-]+"))
                .flatMap(name -> run("dpkg-query", "--show", "--showformat=${Version}", name)
                        .map(version -> new InstalledPackage(name, new DebianVersion(version), unpacked(name))));
    }

    private static boolean isHere(Examination examination) {
        return examination.contact().ports().stream().anyMatch(port -> {
            try {
                return port.isOpen()
                        && (port.address().isLoopbackAddress()
                                || NetworkInterface.getByInetAddress(port.address()) != null);
            } catch (SocketException e) {
                return false;
            }
        });
    }

    /** In a container it has another number, or a port was passed on. */
    private static boolean isProcess(long number) {
        try {
            return PROGRAMS.contains(Files.readString(Path.of("/proc", Long.toString(number), "comm"))
                    .strip());
        } catch (IOException e) {
            return false;
        }
    }

    private static Instant unpacked(String name) {
        try {
            return Files.getLastModifiedTime(Path.of("/var/lib/dpkg/info", name + ".list"))
                    .toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    /** What a command prints first; empty if it fails, or there is none. */
    private static Optional<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? output.lines().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
