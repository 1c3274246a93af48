package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import java.nio.charset.StandardCharsets;

/** Names of keys and channels as they are in Redis: with the prefix of one robot's namespace, or without any. */
public final class Namespace {
    private final String prefix;

    /** @param name such as {@code {fleet-a}}; empty for none */
    public Namespace(String name) {
        this.prefix = name.isEmpty() ? "" : name + ":";
    }

    byte[] key(Key<?> key) {
        return bytes(prefix + key.name());
    }

    byte[] channel(Channel<?> channel) {
        return bytes(prefix + channel.name());
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
