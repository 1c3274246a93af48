package ai.tatbot.state.server.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What kind of Redis this is.
 *
 * @param kind {@code redis} or {@code valkey}
 */
record Product(String kind, Version version) {
    /** @throws NotCheckedException if it does not say */
    static Product of(InfoText info) {
        Optional<String> valkey = info.text("valkey_version");
        try {
            return valkey.isPresent()
                    ? new Product("valkey", Version.parse(valkey.get()))
                    : new Product("redis", Version.parse(info.required("redis_version")));
        } catch (IllegalArgumentException e) {
            throw new NotCheckedException(String.valueOf(e.getMessage()));
        }
    }

    boolean isValkey() {
        return kind.equals("valkey");
    }

    @Override
    public String toString() {
        return kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + " " + version;
    }
}
