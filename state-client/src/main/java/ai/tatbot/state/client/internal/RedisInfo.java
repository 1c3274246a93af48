package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.SystemStatus.RedisServer;
import org.jspecify.annotations.Nullable;

/** Reads the answers to {@code INFO}. */
final class RedisInfo {
    /** What to show where this user may not ask. */
    static final RedisServer UNKNOWN = new RedisServer("redis", "unknown", null, null);

    private RedisInfo() {}

    static RedisServer parse(String server, String memory) {
        String valkey = value(server, "valkey_version");
        Long limit = number(memory, "maxmemory");
        return new RedisServer(
                valkey.isEmpty() ? "redis" : "valkey",
                valkey.isEmpty() ? value(server, "redis_version") : valkey,
                number(memory, "used_memory"),
                // 0: none
                limit != null && limit == 0 ? null : limit);
    }

    private static @Nullable Long number(String info, String name) {
        try {
            return Long.valueOf(value(info, name));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Empty if it is not there. */
    static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
