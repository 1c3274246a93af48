package ai.tatbot.state.server.access;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is let in. Thread-safe. */
public final class AccessControl {
    private final @Nullable TokenFile file;
    private final Clock clock;

    private AccessControl(@Nullable TokenFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Lets everybody in as {@link Principal#LOOPBACK}: for a server that listens on loopback only. */
    public static AccessControl withoutTokens() {
        return new AccessControl(null, Clock.systemUTC());
    }

    /** Lets in who shows a token of this file. */
    public static AccessControl of(TokenFile file) {
        return of(file, Clock.systemUTC());
    }

    static AccessControl of(TokenFile file, Clock clock) {
        return new AccessControl(file, clock);
    }

    /** What everybody has who need not show a token; empty if one must. */
    public Optional<Grant> withoutToken() {
        return file == null ? Optional.of(new Grant(Principal.LOOPBACK, () -> true)) : Optional.empty();
    }

    /** Whoever shows this token; empty if it is unknown, revoked, or has expired. */
    public Optional<Grant> withToken(String shown) {
        return find(shown).map(this::grant);
    }

    /** Whoever shows this cookie of a page session; empty if it is no good, or no longer. */
    public Optional<Grant> withSession(String cookie) {
        if (file == null) {
            return Optional.empty();
        }
        return PageSession.find(cookie, file.current(), clock.instant()).map(session -> {
            Instant end = session.expires();
            Grant grant = grant(session.token());
            return new Grant(
                    grant.principal(), () -> grant.isValid() && clock.instant().isBefore(end));
        });
    }

    /** A session for the page of whoever shows this token; empty if it is unknown, revoked, or has expired. */
    public Optional<PageSession> login(String shown) {
        return find(shown).map(token -> PageSession.of(token, clock.instant()));
    }

    private Optional<StoredToken> find(String shown) {
        if (file == null || !TokenText.isWellFormed(shown)) {
            return Optional.empty();
        }
        return file.current().find(shown).filter(token -> !token.isExpired(clock.instant()));
    }

    private Grant grant(StoredToken token) {
        return new Grant(token.principal(), () -> isInForce(token));
    }

    private boolean isInForce(StoredToken token) {
        return file != null
                && !token.isExpired(clock.instant())
                && file.current().named(token.name()).filter(token::isSame).isPresent();
    }
}
