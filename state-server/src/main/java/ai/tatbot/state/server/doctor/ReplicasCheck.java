package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether this is the primary, and how far behind its replicas are. */
final class ReplicasCheck extends Check {
    /** A replica reports once a second. */
    private static final long LATE_SECONDS = 5;

    ReplicasCheck() {
        super(Part.REDIS, "replicas");
    }

    @Override
    Result examine(Examination examination) {
        StateOptions options = examination.options();
        InfoText info = examination.info();
        if (!info.required("role").equals("master")) {
            return Result.fail(
                    "this Redis is a replica of "
                            + Words.safe(info.text("master_host").orElse("another")) + ": writes are refused",
                    "Name the primary, or the sentinels (redis-sentinel://), in REDIS_URL.");
        }
        List<Replica> replicas = replicas(info);
        long ready = replicas.stream().filter(Replica::isReady).count();
        if (ready < options.replicas()) {
            return Result.fail(
                            "each write waits for " + Text.count(options.replicas(), "replica") + ", and " + ready
                                    + (ready == 1 ? " is there" : " are there"),
                            "Start the replicas, or lower STATE_REPLICAS: until then every write is reported as not replicated.")
                    .with("replicas", ready);
        }
        if (replicas.isEmpty()) {
            return options.sentinels().isEmpty()
                    ? Result.none()
                    : Result.warn(
                            "none: the sentinels have nothing to fail over to",
                            "Start a Redis with replicaof, naming the primary.");
        }
        List<String> late = replicas.stream()
                .filter(replica -> !replica.isReady() || replica.lagSeconds > LATE_SECONDS)
                .map(Replica::toString)
                .toList();
        return (late.isEmpty()
                        ? Result.ok(Text.count(replicas.size(), "replica") + ", none of them more than "
                                + Text.count(Math.max(1, worst(replicas)), "second") + " behind")
                        : Result.warn(
                                Words.some(late, 3),
                                "Look at the replica and at the network to it: a failover now loses what it does not have."))
                .with("replicas", ready)
                .with("lag_seconds", worst(replicas));
    }

    private static long worst(List<Replica> replicas) {
        return replicas.stream().mapToLong(Replica::lagSeconds).max().orElse(0);
    }

    private static List<Replica> replicas(InfoText info) {
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; ; i++) {
            Optional<String> line = info.text("slave" + i);
            if (line.isEmpty()) {
                return replicas;
            }
            Map<String, String> parts = Stream.of(line.get().split(",", -1))
                    .filter(part -> part.indexOf('=') > 0)
                    .collect(Collectors.toMap(
                            part -> part.substring(0, part.indexOf('=')),
                            part -> part.substring(part.indexOf('=') + 1),
                            (one, other) -> one));
            Function<String, String> part = name -> parts.getOrDefault(name, "");
            replicas.add(new Replica(
                    part.apply("ip") + ":" + part.apply("port"), part.apply("state"), lag(part.apply("lag"))));
        }
    }

    private static long lag(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private record Replica(String address, String state, long lagSeconds) {
        boolean isReady() {
            return state.equals("online");
        }

        @Override
        public String toString() {
            return Words.safe(address)
                    + (isReady() ? " is " + lagSeconds + " s behind" : " is not ready (" + Words.safe(state) + ")");
        }
    }
}
