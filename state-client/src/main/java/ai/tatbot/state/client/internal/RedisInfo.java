package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.SystemStatus.RedisServer;

/** Reads the answer to {@code INFO server}. */
final class RedisInfo {
    private RedisInfo() {}

    static RedisServer parse(String info) {
        String valkey = value(info, "valkey_version");
        return valkey.isEmpty()
                ? new RedisServer("redis", value(info, "redis_version"))
                : new RedisServer("valkey", valkey);
    }

    private static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
