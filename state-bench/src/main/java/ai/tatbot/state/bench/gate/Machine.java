package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.BenchRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the figures come from; without it they mean little.
 *
 * @param processor model of the processor; its architecture where the system does not tell
 */
public record Machine(int cores, String processor, String system, String java, String redis) {
    /** This machine, and that Redis. */
    public static Machine here(BenchRedis redis) {
        String kernel = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name", ":").orElse(System.getProperty("os.arch")),
                field("/etc/os-release", "PRETTY_NAME", "=")
                        .map(name -> name + ", " + kernel)
                        .orElse(kernel),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                redis.version() + " (" + redis.binary() + "), loopback");
    }

    private static Optional<String> field(String file, String name, String separator) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name) && line.contains(separator))
                    .map(line -> line.substring(line.indexOf(separator) + 1)
                            .replace("\"", "")
                            .strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** For people, a line each. */
    public String text() {
        return "Machine: " + cores + " cores (" + processor + ")\nSystem:  " + system + "\nJava:    " + java
                + "\nRedis:   " + redis;
    }
}
