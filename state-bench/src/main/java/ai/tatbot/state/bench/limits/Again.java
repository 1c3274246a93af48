package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.StateBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs the gate again in processes of their own, as CI would: many times unchanged, or once with each fault. */
final class Again {
    private final Path limits;
    private final PrintWriter out;

    Again(Path limits, PrintWriter out) {
        this.limits = limits;
        this.out = out;
    }

    /** Returns whether all have passed. */
    boolean times(int times, boolean exactOnly) throws IOException, InterruptedException {
        int passed = 0;
        for (int i = 1; i <= times; i++) {
            Result result = run(Fault.NONE, exactOnly);
            passed += result.exit == 0 ? 1 : 0;
            out.printf("run %d of %d: %s%n", i, times, result.exit == 0 ? "passed" : "FAILED");
            result.misses.forEach(miss -> out.println("  " + miss));
            out.flush();
        }
        out.printf("%d of %d runs of unchanged code passed%n", passed, times);
        out.flush();
        return passed == times;
    }

    /** Returns whether every fault was caught by what must catch it, and the unchanged code passed. */
    boolean prove() throws IOException, InterruptedException {
        boolean proved = true;
        for (Fault fault : Fault.values()) {
            Result result = run(fault, true);
            Set<String> expected =
                    fault.caughtBy().stream().map(Measure::id).collect(Collectors.toCollection(TreeSet::new));
            boolean right = fault == Fault.NONE
                    ? result.exit == 0
                    : result.exit == 1 && result.measures().containsAll(expected);
            proved &= right;
            out.printf(
                    "%-12s exit %d  %s%n",
                    fault.id(),
                    result.exit,
                    right ? (fault == Fault.NONE ? "passed, as it must" : "caught") : "NOT as it must be: " + expected);
            result.misses.forEach(miss -> out.println("             " + miss));
            out.flush();
        }
        return proved;
    }

    private Result run(Fault fault, boolean exactOnly) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StateBench.class.getName(),
                "limits",
                "--limits",
                limits.toString(),
                "--inject",
                fault.id()));
        if (exactOnly) {
            command.add("--exact");
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        List<String> misses = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(LimitsCommand.MISS))
                .map(line -> line.substring(LimitsCommand.MISS.length()))
                .toList();
        return new Result(process.waitFor(), misses);
    }

    private record Result(int exit, List<String> misses) {
        /** Names of what missed; each sentence begins with one. */
        Set<String> measures() {
            return misses.stream()
                    .map(miss -> miss.substring(0, miss.indexOf(':')))
                    .collect(Collectors.toSet());
        }
    }
}
