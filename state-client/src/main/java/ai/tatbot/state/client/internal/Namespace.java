package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names of keys and channels as they are in Redis: with the prefix of one robot's namespace, or without any. Thread-safe. */
public final class Namespace {
    /** Of names that are remembered as bytes; a program that invents ids must not fill the memory. */
    private static final int MOST_REMEMBERED = 10_000;

    private final String prefix;
    private final Map<String, byte[]> remembered = new ConcurrentHashMap<>();
    private final Map<String, byte[]> histories = new ConcurrentHashMap<>();

    /** @param name such as {@code {fleet-a}}; empty for none */
    public Namespace(String name) {
        this.prefix = name.isEmpty() ? "" : name + ":";
    }

    byte[] key(Key<?> key) {
        return bytes(prefix + key.name());
    }

    /** The same for a key that is used again and again. Not to be changed. */
    byte[] known(Key<?> key) {
        return remember(key.name(), remembered, key.name());
    }

    byte[] channel(Channel<?> channel) {
        return remember(channel.name(), remembered, channel.name());
    }

    /** The key of a session's history. Not to be changed. */
    byte[] history(String sessionId) {
        byte[] known = histories.get(sessionId);
        return known != null
                ? known
                : remember(sessionId, histories, Keys.strokeHistory(sessionId).name());
    }

    private byte[] remember(String by, Map<String, byte[]> names, String name) {
        byte[] known = names.get(by);
        if (known == null) {
            known = bytes(prefix + name);
            if (names.size() >= MOST_REMEMBERED) {
                names.clear();
            }
            names.put(by, known);
        }
        return known;
    }

    /** Glob-style pattern of everything in it. */
    String pattern() {
        return escaped() + "*";
    }

    /** Glob-style pattern of all keys of a kind. */
    String pattern(KeyKind<?> kind) {
        return escaped() + kind.pattern();
    }

    /** Glob-style pattern of all channels of a kind. */
    byte[] pattern(ChannelKind<?> kind) {
        return bytes(escaped() + kind.pattern());
    }

    /** Glob-style pattern of channels, from one without the prefix. */
    byte[] pattern(String channels) {
        return bytes(escaped() + channels);
    }

    /** The name without the prefix. */
    String strip(String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private String escaped() {
        return prefix.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
