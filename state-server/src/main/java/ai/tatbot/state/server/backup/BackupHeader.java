package ai.tatbot.state.server.backup;

import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backup says of itself.
 *
 * @param redis kind and version of the Redis that it was made of, such as {@code redis 7.0.15}
 * @param taken when, by Redis' clock
 * @param namespace whose keys they are; empty for those without one
 * @param database number of the database
 */
public record BackupHeader(String redis, Instant taken, String namespace, int database) {
    /** The first line; the number is that of the format. */
    static final String MAGIC = "tatbot-state backup 1";

    /** Lines behind the first, for people and programs; the empty one is not among them. */
    List<String> lines() {
        return List.of(
                "redis: " + redis,
                "taken: " + WireTime.format(taken),
                "namespace: " + namespace,
                "database: " + database);
    }

    /** @throws IllegalArgumentException if one is missing or makes no sense */
    static BackupHeader parse(List<String> lines) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return new BackupHeader(
                value(values, "redis"),
                WireTime.parse(value(values, "taken")),
                value(values, "namespace"),
                Integer.parseInt(value(values, "database")));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it does not say its " + name);
        }
        return value;
    }
}
