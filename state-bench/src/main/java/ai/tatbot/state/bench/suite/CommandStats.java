package ai.tatbot.state.bench.suite;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** What Redis itself has counted so far, and what that was since an earlier moment. */
public final class CommandStats {
    private static final Pattern COMMAND = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");
    private static final Pattern READS = Pattern.compile("total_reads_processed:(\\d+)");

    private final Map<String, Count> counts;
    private final long reads;

    CommandStats(String commands, String stats) {
        counts = new LinkedHashMap<>();
        Matcher matcher = COMMAND.matcher(commands);
        while (matcher.find()) {
            counts.put(matcher.group(1), new Count(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
        }
        Matcher found = READS.matcher(stats);
        reads = found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private CommandStats(Map<String, Count> counts, long reads) {
        this.counts = counts;
        this.reads = reads;
    }

    /** As it is now. Two commands, which count themselves. */
    public static CommandStats read(Connection redis) {
        return new CommandStats(info(redis, "commandstats"), info(redis, "stats"));
    }

    private static String info(Connection redis, String section) {
        redis.sendCommand(Command.INFO, section);
        return new String((byte[]) redis.getOne(), StandardCharsets.UTF_8);
    }

    /** What was done between an earlier moment and this, without the looking itself. */
    public CommandStats since(CommandStats earlier) {
        Map<String, Count> difference = new LinkedHashMap<>();
        counts.forEach((name, count) -> {
            Count before = earlier.counts.getOrDefault(name, new Count(0, 0));
            if (count.calls > before.calls && !name.equals("info")) {
                difference.put(name, new Count(count.calls - before.calls, count.microseconds - before.microseconds));
            }
        });
        return new CommandStats(difference, reads - earlier.reads - 2);
    }

    /** How often a command was called, by clients and by scripts. */
    public long calls(String command) {
        return counts.getOrDefault(command, new Count(0, 0)).calls;
    }

    /** All commands, those that scripts called too. */
    public long calls() {
        return counts.values().stream().mapToLong(Count::calls).sum();
    }

    /** Time of what clients called, which includes what its scripts did: the processor's price of a write. */
    public double scriptMicroseconds() {
        return counts.entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("eval") || entry.getKey().startsWith("fcall"))
                .mapToDouble(entry -> entry.getValue().microseconds)
                .sum();
    }

    /** How often Redis has read from a client: round trips, where a client waits for each answer. */
    public long reads() {
        return reads;
    }

    /** Calls of each command, by name. */
    public Map<String, Long> byName() {
        Map<String, Long> calls = new LinkedHashMap<>();
        counts.forEach((name, count) -> calls.put(name, count.calls));
        return calls;
    }

    private record Count(long calls, long microseconds) {}
}
