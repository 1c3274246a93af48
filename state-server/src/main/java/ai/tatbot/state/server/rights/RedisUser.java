package ai.tatbot.state.server.rights;

import java.util.List;
import java.util.Optional;

/**
 * A user as Redis knows it.
 *
 * @param name such as {@code hog}
 * @param enabled whether anyone may log in as it
 * @param needsNoPassword whether anyone may do so without a password
 * @param passwordHashes SHA-256 of each password that is good, in hex digits, oldest first
 * @param roleName the role that its rights look like; empty if it is none of the schema's
 */
public record RedisUser(
        String name, boolean enabled, boolean needsNoPassword, List<String> passwordHashes, Optional<String> roleName) {
    public RedisUser {
        passwordHashes = List.copyOf(passwordHashes);
    }
}
