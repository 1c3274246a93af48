package ai.tatbot.state.bench.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** All options in turn, many short rounds, in an order that rotates: what disturbs the machine disturbs them all. */
final class Measurement {
    private static final int WARM_UP = 3;
    private static final int BATCHES = 20;
    private static final int BATCH = 100;
    private static final int CALLS = 200;
    private static final Pattern STATISTIC = Pattern.compile("cmdstat_([^:]+):calls=\\d+,usec=(\\d+)");

    /** Per update, in microseconds. */
    private record Sample(double pipelined, double cpu, double timed, double median) {}

    private final Server server;
    private final List<Option> options;
    private final Map<Option, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<Option, List<Double>> latencies = new LinkedHashMap<>();

    Measurement(Server server, List<Option> options) {
        this.server = server;
        this.options = options;
        for (Option option : options) {
            samples.put(option, new ArrayList<>());
            latencies.put(option, new ArrayList<>());
        }
    }

    void run(int rounds) {
        try (Wire admin = Wire.asAdmin(server.port);
                Wire wire = Wire.asAdmin(server.port)) {
            for (int i = 1; i < options.size(); i++) {
                String revision = String.valueOf(Options.REVISION);
                admin.ask(Command.HSET, key(i), "rev", revision, "fence", Options.FENCE, "state", "{}");
            }
            for (int round = -WARM_UP; round < rounds; round++) {
                for (int turn = 0; turn < options.size(); turn++) {
                    int i = Math.floorMod(turn + round, options.size());
                    Option option = options.get(i);
                    Sample sample = measure(admin, wire, option, key(i), round >= 0);
                    if (round >= 0) {
                        samples.getOrDefault(option, List.of()).add(sample);
                    }
                }
            }
        }
    }

    private static String key(int option) {
        return Options.KEY + option;
    }

    private Sample measure(Wire admin, Wire wire, Option option, String key, boolean record) {
        admin.ask(Command.CONFIG, "RESETSTAT");
        double cpu = cpu(admin);
        long start = System.nanoTime();
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int i = 0; i < BATCH; i++) {
                option.send(wire, key);
            }
            check(option, wire.replies());
        }
        double elapsed = (System.nanoTime() - start) / 1e3;
        cpu = cpu(admin) - cpu;
        double timed = timed(admin, option);

        double[] calls = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            start = System.nanoTime();
            option.send(wire, key);
            List<Object> replies = wire.replies();
            calls[i] = (System.nanoTime() - start) / 1e3;
            check(option, replies);
        }
        if (record) {
            Arrays.stream(calls).forEach(latencies.getOrDefault(option, List.of())::add);
        }
        int updates = BATCHES * BATCH;
        return new Sample(
                elapsed / updates,
                cpu / updates,
                timed / updates,
                quantile(Arrays.stream(calls).boxed().toList(), 0.5));
    }

    private static void check(Option option, List<Object> replies) {
        for (Object reply : replies) {
            if (reply instanceof JedisDataException error) {
                throw new IllegalStateException(option.name(), error);
            }
        }
    }

    private static double cpu(Wire admin) {
        return 1e6
                * (Double.parseDouble(Server.info(admin, "cpu", "used_cpu_user"))
                        + Double.parseDouble(Server.info(admin, "cpu", "used_cpu_sys")));
    }

    /** A script's time, and that of an EXEC, include those of the commands inside. */
    private static double timed(Wire admin, Option option) {
        double sum = 0;
        Matcher matcher = STATISTIC.matcher(admin.text(Command.INFO, "commandstats"));
        while (matcher.find()) {
            if (option.commands().contains(matcher.group(1))) {
                sum += Double.parseDouble(matcher.group(2));
            }
        }
        return sum;
    }

    String table() {
        StringBuilder out = new StringBuilder("""
                | Update | pipelined, 1000/s | to SET | CPU, us | to SET | in commands, us \
                | one caller, us | to SET | p99, us |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|
                """);
        List<Sample> yardstick = samples.getOrDefault(options.get(0), List.of());
        samples.forEach((option, all) -> {
            List<Double> time = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            List<Double> call = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                time.add(all.get(i).pipelined() / yardstick.get(i).pipelined());
                cpu.add(all.get(i).cpu() / yardstick.get(i).cpu());
                call.add(all.get(i).median() / yardstick.get(i).median());
            }
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.1f | %.2f | %.0f |%n",
                    option.name(),
                    1e3 / median(all.stream().map(Sample::pipelined).toList()),
                    median(time),
                    median(all.stream().map(Sample::cpu).toList()),
                    median(cpu),
                    median(all.stream().map(Sample::timed).toList()),
                    median(all.stream().map(Sample::median).toList()),
                    median(call),
                    quantile(latencies.getOrDefault(option, List.of()), 0.99)));
        });
        return out.toString();
    }

    private static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private static double quantile(List<Double> values, double q) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) (q * (sorted.size() - 1)));
    }
}
