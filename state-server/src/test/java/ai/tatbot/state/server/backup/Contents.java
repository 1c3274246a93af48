package ai.tatbot.state.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;

/** Every key of a Redis, bit by bit, and when each expires. */
record Contents(Map<String, String> values, Map<String, Long> expiries) {
    static Contents of(RedisServer redis) {
        Map<String, String> values = new TreeMap<>();
        Map<String, Long> expiries = new TreeMap<>();
        try (Jedis jedis = redis.jedis()) {
            for (byte[] key : jedis.keys("*".getBytes(StandardCharsets.US_ASCII))) {
                values.put(shown(key), value(jedis, key));
                long left = jedis.pttl(key);
                expiries.put(shown(key), left < 0 ? -1 : now(jedis) + left);
            }
        }
        return new Contents(values, expiries);
    }

    private static long now(Jedis jedis) {
        List<String> time = jedis.time();
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    private static String value(Jedis jedis, byte[] key) {
        String type = jedis.type(key);
        return type + " "
                + switch (type) {
                    case "hash" ->
                        jedis.hgetAll(key).entrySet().stream()
                                .map(field -> shown(field.getKey()) + "=" + shown(field.getValue()))
                                .sorted()
                                .toList();
                    case "set" ->
                        jedis.smembers(key).stream()
                                .map(Contents::shown)
                                .collect(Collectors.toCollection(TreeSet::new));
                    case "string" -> shown(jedis.get(key));
                    case "stream" ->
                        jedis.xrange(new String(key, StandardCharsets.UTF_8), "-", "+").stream()
                                        .map(entry -> entry.getID() + "" + new TreeMap<>(entry.getFields()))
                                        .toList()
                                + " up to "
                                + jedis.xinfoStream(new String(key, StandardCharsets.UTF_8))
                                        .getLastGeneratedId();
                    default -> throw new IllegalStateException("a " + type);
                };
    }

    static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? text
                : HexFormat.of().formatHex(bytes);
    }

    /** Fails if a key is missing, is there in addition or differs, or if one expires at another time than in these, by a second. */
    void assertSameIn(RedisServer redis) {
        assertSame(of(redis));
    }

    private void assertSame(Contents now) {
        assertThat(now.values).isEqualTo(values);
        now.expiries.forEach((key, expiry) -> {
            long before = Objects.requireNonNull(expiries.get(key));
            assertThat(expiry).as("expiry of %s", key).isBetween(before - 1_000, before + 1_000);
        });
        assertThat(now.expiries.values().stream().filter(expiry -> expiry < 0).count())
                .as("keys that do not expire")
                .isEqualTo(
                        expiries.values().stream().filter(expiry -> expiry < 0).count());
    }
}
