package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.RedisServer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;

/** What a whole Redis holds at one moment: every key, its content, and when it expires. */
public record Snapshot(Map<String, String> contents, Map<String, Long> expiries) {
    /** Expiry of a key that does not expire. */
    private static final long NEVER = Long.MAX_VALUE;

    public static Snapshot of(RedisServer redis) {
        Map<String, String> contents = new TreeMap<>();
        Map<String, Long> expiries = new HashMap<>();
        try (Jedis jedis = redis.jedis()) {
            for (String key : jedis.keys("*")) {
                contents.put(key, content(jedis, key));
                long millis = jedis.pttl(key);
                expiries.put(key, millis < 0 ? NEVER : millis);
            }
        }
        return new Snapshot(contents, expiries);
    }

    private static String content(Jedis jedis, String key) {
        String type = jedis.type(key);
        return switch (type) {
            case "hash" -> type + new TreeMap<>(jedis.hgetAll(key));
            case "set" -> type + new TreeSet<>(jedis.smembers(key));
            case "stream" ->
                type
                        + jedis.xrange(key, "-", "+").stream()
                                .map(entry -> entry.getID() + "" + entry.getFields())
                                .toList();
            case "string" -> type + " " + jedis.get(key);
            default -> throw new IllegalStateException(key + " is a " + type);
        };
    }

    /** Fails if a key, a field or an entry has come, gone or changed since, or if one lives longer than it would have. */
    public void assertUntouched(RedisServer redis) {
        Snapshot now = of(redis);
        assertThat(now.contents).isEqualTo(contents);
        now.expiries.forEach((key, expiry) ->
                assertThat(expiry).as("time to live of %s", key).isLessThanOrEqualTo(expiries.get(key)));
    }
}
