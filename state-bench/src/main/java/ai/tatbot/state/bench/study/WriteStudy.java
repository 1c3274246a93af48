package ai.tatbot.state.bench.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/**
 * How one update is written atomically: the measurement and the tests behind docs/decisions/0001-atomic-write.md.
 *
 * <p>It starts Redis servers of its own on loopback: the 6.2 that embedded-redis carries, and every
 * {@code redis-server} named on the command line. For each it prints, as Markdown, what an update costs in every way
 * of writing it, pipelined, by one caller, and in CPU time of Redis, next to a plain SET; what each way leaves behind
 * when Redis refuses a part of it; and whether the facts hold that the scripts rely on.
 *
 * <pre>java -cp ... ai.tatbot.state.bench.study.WriteStudy [rounds, default 60; 0: tests only] [redis-server ...]</pre>
 *
 * <p>A round takes about a second for each server: some two and a half minutes for two of them.
 */
public final class WriteStudy {
    private WriteStudy() {}

    /** Exits with 1 if one of the facts does not hold. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        List<Path> binaries = new ArrayList<>();
        binaries.add(ExecutableProvider.newJarResourceProvider().get().toPath());
        Arrays.stream(args).skip(1).map(Path::of).forEach(binaries::add);
        if (!study(rounds, binaries)) {
            System.exit(1);
        }
    }

    /** Returns whether all facts hold. */
    static boolean study(int rounds, List<Path> binaries) throws IOException, InterruptedException {
        boolean good = true;
        for (Path binary : binaries) {
            try (Server server = Server.start(binary);
                    Wire admin = Wire.asAdmin(server.port)) {
                String valkey = Server.info(admin, "server", "valkey_version");
                String name = valkey.isEmpty() ? "Redis " + server.version : "Valkey " + valkey;
                System.out.println("## " + name + "\n");
                Options options = new Options(admin, server.version);
                if (rounds > 0) {
                    Measurement measurement = new Measurement(server, options.measured());
                    measurement.run(rounds);
                    System.out.println(measurement.table());
                }
                System.out.println(new Refusals(server, options.refused()).table());
                Facts facts = new Facts(admin, options, server.version);
                good &= facts.check();
                System.out.println(facts);
            }
        }
        return good;
    }
}
