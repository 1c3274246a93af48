package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.BenchRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What other processes, and other guests of the same host, took from the processor during a run. They make the tails longer,
 * and not those of a benchmark and its yardstick alike: a scheduler lets the lighter of the two through first.
 */
public final class Neighbours {
    /** Ticks of /proc/stat in a second, on every Linux that there is. */
    private static final double TICKS = 100;

    private final List<ProcessHandle> ours;
    private final long startNanos = System.nanoTime();
    private final OptionalDouble startOthers;

    private Neighbours(List<ProcessHandle> ours) {
        this.ours = ours;
        this.startOthers = others(ours);
    }

    /** From now on; the benchmarks' Redis runs already. */
    public static Neighbours watch() {
        return new Neighbours(BenchRedis.processes());
    }

    /** Cores they kept busy from then until now, on average; empty where the system does not tell. */
    public OptionalDouble cores() {
        OptionalDouble now = others(ours);
        if (startOthers.isEmpty() || now.isEmpty()) {
            return OptionalDouble.empty();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return OptionalDouble.of(Math.max(0, (now.getAsDouble() - startOthers.getAsDouble()) / seconds));
    }

    private static OptionalDouble others(List<ProcessHandle> ours) {
        double own = ours.stream()
                .mapToDouble(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3)
                .sum();
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("cpu "))
                    .mapToDouble(line -> busySeconds(line) - own)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    /**
     * Core time that the host of this virtual machine took away from it since it was started, in seconds; 0 where the system does
     * not tell.
     */
    public static double stolenSeconds() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("cpu "))
                    .mapToDouble(Neighbours::stolenSeconds)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** @param line as for {@link #busySeconds(String)} */
    static double stolenSeconds(String line) {
        String[] fields = line.strip().split(" +", -1);
        return fields.length > 8 ? Double.parseDouble(fields[8]) / TICKS : 0;
    }

    /** @param line {@code cpu user nice system idle iowait irq softirq steal ...} */
    static double busySeconds(String line) {
        String[] fields = line.strip().split(" +", -1);
        double ticks = 0;
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            if (i != 4 && i != 5) {
                ticks += Double.parseDouble(fields[i]);
            }
        }
        return ticks / TICKS;
    }
}
