package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names of keys and channels as they are in Redis: with the prefix of one robot's namespace, or without any. Thread-safe. */
public final class Namespace {
    /** Names are remembered as bytes, since every call needs some; a program that invents ids must not fill the memory. */
    private static final int MOST_REMEMBERED = 10_000;

    private final String prefix;
    private final Map<String, byte[]> remembered = new ConcurrentHashMap<>();

    /** @param name such as {@code {fleet-a}}; empty for none */
    public Namespace(String name) {
        this.prefix = name.isEmpty() ? "" : name + ":";
    }

    byte[] key(Key<?> key) {
        return name(key.name());
    }

    byte[] channel(Channel<?> channel) {
        return name(channel.name());
    }

    /** Not to be changed. */
    private byte[] name(String name) {
        byte[] known = remembered.get(name);
        if (known == null) {
            known = bytes(prefix + name);
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(name, known);
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
