package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.StateBench;
import ai.tatbot.state.bench.suite.Standings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Measures what is exact in a process of its own, in which Java does what the code says, and leaves out nothing. */
final class ExactProcess {
    private static final int PROCESSES = 5;

    private ExactProcess() {}

    /** Everything; the codec in several processes, because where the compiler puts things makes a tenth of its time. */
    static Map<Measure, Double> run(Fault fault) throws IOException, InterruptedException {
        Map<Measure, Double> values = run(fault, false);
        Map<Measure, List<Double>> codec = new EnumMap<>(Measure.class);
        for (int i = 0; i < PROCESSES; i++) {
            run(fault, true)
                    .forEach((measure, value) -> codec.computeIfAbsent(measure, unused -> new ArrayList<>())
                            .add(value));
        }
        codec.forEach((measure, all) -> values.put(measure, Standings.median(all)));
        return values;
    }

    private static Map<Measure, Double> run(Fault fault, boolean codec) throws IOException, InterruptedException {
        Path file = Files.createTempFile("gate", ".properties");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xms256m",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    StateBench.class.getName(),
                    "limits",
                    "--inject",
                    fault.id(),
                    "--values",
                    file.toString()));
            if (codec) {
                command.add("--codec");
            }
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("the process that measures what is exact ended with " + exit + ": " + output);
            }
            return read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static void write(Path file, Map<Measure, Double> values) throws IOException {
        Properties lines = new Properties();
        values.forEach((measure, value) -> lines.setProperty(measure.id(), value.toString()));
        try (var out = Files.newBufferedWriter(file)) {
            lines.store(out, null);
        }
    }

    static Map<Measure, Double> read(Path file) throws IOException {
        Properties lines = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            lines.load(in);
        }
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        for (String id : lines.stringPropertyNames()) {
            Measure measure = Measure.of(id).orElseThrow(() -> new IOException("there is no measure " + id));
            values.put(measure, Double.valueOf(lines.getProperty(id)));
        }
        return values;
    }
}
