package ai.tatbot.state.client.internal;

import org.jspecify.annotations.Nullable;

/** A key with all that it holds, as Redis itself serializes it ({@code DUMP}), and when it expires. */
public final class KeyCopy {
    private final byte[] name;
    private final byte[] value;
    private final @Nullable Long expiry;

    /**
     * A copy. The arrays become its own.
     *
     * @param name with the namespace
     * @param value as Redis serializes it, with its checksum
     * @param expiry when it expires by Redis' clock, in ms since 1970; null for never
     */
    public KeyCopy(byte[] name, byte[] value, @Nullable Long expiry) {
        this.name = name;
        this.value = value;
        this.expiry = expiry;
    }

    /** Its name, with the namespace. Not to be changed. */
    public byte[] name() {
        return name;
    }

    /** What it holds, serialized. Not to be changed. */
    public byte[] value() {
        return value;
    }

    /** When it expires by Redis' clock, in ms since 1970; null for never. */
    public @Nullable Long expiry() {
        return expiry;
    }

    /** Whether it has expired at this moment of Redis' clock, in ms since 1970. */
    public boolean isExpiredAt(long millis) {
        return expiry != null && expiry <= millis;
    }

    @Override
    public String toString() {
        return Namespace.text(name);
    }
}
