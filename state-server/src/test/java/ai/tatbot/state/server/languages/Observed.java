package ai.tatbot.state.server.languages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A command that has reached Redis.
 *
 * @param words as it was sent
 * @param runs what Redis ran within it, if it is a script
 * @param reply missing if none came, or it belongs to no one command
 */
record Observed(List<String> words, List<List<String>> runs, JsonNode reply) {
    /** How a client introduces itself, and looks whether a connection still lives, is its own affair. */
    private static final Set<String> HANDSHAKE = Set.of("hello", "auth", "client", "select", "ping");

    /** What the clients that come through a tap have sent, in the order in which Redis ran it. */
    static List<Observed> through(RedisTap tap, List<RedisMonitor.Line> lines) {
        return of(lines, line -> tap.isFrom(line.port()), tap);
    }

    /** What clients have sent; without the answers. */
    static List<Observed> of(List<RedisMonitor.Line> lines) {
        return of(lines, line -> true, null);
    }

    private static List<Observed> of(
            List<RedisMonitor.Line> lines, Predicate<RedisMonitor.Line> ours, @Nullable RedisTap tap) {
        List<Observed> all = new ArrayList<>();
        // Where the commands of a script go that runs now; Redis runs one at a time.
        List<List<String>> running = new ArrayList<>();
        for (RedisMonitor.Line line : lines) {
            if (line.isOfScript()) {
                running.add(line.words());
                continue;
            }
            running = new ArrayList<>();
            if (ours.test(line) && !HANDSHAKE.contains(line.words().get(0).toLowerCase(Locale.ROOT))) {
                JsonNode reply = tap == null ? Fields.JSON.getNodeFactory().missingNode() : tap.takeReply(line.words());
                all.add(new Observed(line.words(), running, reply));
            }
        }
        return all;
    }
}
