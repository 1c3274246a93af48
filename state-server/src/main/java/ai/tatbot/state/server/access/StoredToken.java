package ai.tatbot.state.server.access;

import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A token as a file has it: everything but the token. Immutable. */
public final class StoredToken {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final Principal principal;
    private final Instant created;
    private final @Nullable Instant expires;
    private final TokenHash hash;

    /** @throws IllegalArgumentException if the name is not allowed, or there is no scope */
    StoredToken(String name, Set<Scope> scopes, Instant created, @Nullable Instant expires, TokenHash hash) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name is 1 to 64 letters, digits, _, . and -, and begins with a letter or digit");
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("at least one scope is needed: read, publish, admin");
        }
        this.principal = new Principal(name, scopes);
        this.created = created;
        this.expires = expires;
        this.hash = hash;
    }

    /** Names its bearer; unique within a file. */
    public String name() {
        return principal.name();
    }

    /** Whoever shows it. */
    public Principal principal() {
        return principal;
    }

    /** When it was made. */
    public Instant created() {
        return created;
    }

    /** From when on it is worth nothing; null for never. */
    public @Nullable Instant expires() {
        return expires;
    }

    /** Whether its time is over. */
    public boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    TokenHash hash() {
        return hash;
    }

    /** Whether it is the same token and allows the same. */
    boolean isSame(StoredToken other) {
        return principal.equals(other.principal) && hash.matches(other.hash);
    }

    @Override
    public String toString() {
        return "StoredToken[" + principal + "]";
    }
}
