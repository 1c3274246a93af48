package ai.tatbot.state.bench.serving;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what MCP calls cost many clients, beside the plainest request in the same run. */
@Command(
        name = "serving",
        description = "Measures MCP calls of 50 clients, and the status of a thousand nodes, on a server of its own.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no target was missed", "1:a target was missed", "2:usage"})
public final class ServingCommand implements Callable<Integer> {
    private static final int CLIENTS = 50;
    private static final int CALLS_PER_SECOND = 500;
    private static final int NODES = 1_000;

    @Option(names = "--server", required = true, paramLabel = "JAR", description = "The server's jar.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path server;

    @Option(names = "--jvm", required = true, paramLabel = "FILE", description = "Options of the server's JVM.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path jvm;

    @Option(names = "--short", description = "Measures for 5 s each instead of 15 s.")
    private boolean isShort;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to this file too.")
    private @Nullable Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final List<Row> rows = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    public ServingCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        int seconds = isShort ? 5 : 15;
        try (BenchRedis redis = BenchRedis.shared();
                StateManager state = StateManager.connect(redis.options().build());
                ServerProcess serving = ServerProcess.start(server, jvm, state.options())) {
            state.updateRobotState(RobotState.builder().nodeId("hog").build());
            List<HttpCaller> callers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                HttpCaller caller = new HttpCaller(serving.url());
                caller.initialize();
                callers.add(caller);
            }
            // The compilers have done their work before anything counts.
            Load.run(callers, CALLS_PER_SECOND, 2 * seconds, ServingCommand::getState);
            measure("GET /healthz", 0, 0, Load.run(callers, CALLS_PER_SECOND, seconds, c -> c.get("/healthz")));
            measure("get_state", 1_000, 5_000, Load.run(callers, CALLS_PER_SECOND, seconds, ServingCommand::getState));
            fill(state);
            List<HttpCaller> one = callers.subList(0, 1);
            Load.run(one, 10, seconds, ServingCommand::systemStatus);
            measure(
                    "system_status, " + NODES + " nodes",
                    20_000,
                    0,
                    Load.run(one, 10, seconds, ServingCommand::systemStatus));
            rows.add(new Row("resident memory", serving.memory() >> 20, 0, 0, 0, 0));
            for (HttpCaller caller : callers) {
                caller.close();
            }
        }
        return report();
    }

    private static void getState(HttpCaller caller) throws IOException {
        caller.call("get_state", "{\"key\":\"robot:state:hog\"}");
    }

    private static void systemStatus(HttpCaller caller) throws IOException {
        caller.call("system_status", "{}");
    }

    private static void fill(StateManager state) {
        for (int i = 0; i < NODES; i++) {
            state.updateRobotState(RobotState.builder().nodeId("node-" + i).build());
            state.updateNodeHealth(NodeHealth.builder().nodeId("node-" + i).build());
        }
    }

    private void measure(String name, long mostP50, long mostP99, Histogram times) {
        rows.add(new Row(
                name,
                TimeUnit.NANOSECONDS.toMicros(times.getValueAtPercentile(50)),
                TimeUnit.NANOSECONDS.toMicros(times.getValueAtPercentile(99)),
                TimeUnit.NANOSECONDS.toMicros(times.getMaxValue()),
                mostP50,
                mostP99));
    }

    private int report() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d clients, %d calls a second; a call held up by the one before is timed from when it was due%n%n",
                CLIENTS, CALLS_PER_SECOND);
        out.printf("%-28s %10s %10s %10s%n", "", "p50", "p99", "longest");
        StringBuilder figures = new StringBuilder("[");
        boolean missed = false;
        for (Row row : rows) {
            out.println(row.text());
            figures.append(figures.length() > 1 ? "," : "").append(row.json());
            missed |= row.isMissed();
        }
        out.flush();
        Path target = json;
        if (target != null) {
            Files.writeString(target, figures.append("]\n"));
        }
        return missed ? 1 : 0;
    }

    /** One figure: microseconds, and what they may be at most; 0 for no limit. Memory: megabytes. */
    private record Row(String name, long p50, long p99, long longest, long mostP50, long mostP99) {
        boolean isMissed() {
            return (mostP50 > 0 && p50 >= mostP50) || (mostP99 > 0 && p99 >= mostP99);
        }

        String text() {
            if (longest == 0) {
                return String.format(Locale.ROOT, "%-28s %7d MB", name, p50);
            }
            String limits = (mostP50 > 0 ? " p50 < " + mostP50 : "") + (mostP99 > 0 ? " p99 < " + mostP99 : "");
            String verdict = limits.isEmpty() ? "" : "  " + (isMissed() ? "MISSED" : "met") + ":" + limits + " us";
            return String.format(Locale.ROOT, "%-28s %7d us %7d us %7d us%s", name, p50, p99, longest, verdict);
        }

        String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"name\":\"%s\",\"p50\":%d,\"p99\":%d,\"longest\":%d,\"missed\":%b}",
                    name,
                    p50,
                    p99,
                    longest,
                    isMissed());
        }
    }
}
