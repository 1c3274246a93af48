package ai.tatbot.state.server.access;

import java.util.function.BooleanSupplier;

/** What a request was let in by. Holds for as long as its token does; a stream asks again and again. Thread-safe. */
public final class Grant {
    /** Name of the request attribute that holds it. */
    public static final String ATTRIBUTE = "ai.tatbot.state.server.grant";

    private final Principal principal;
    private final BooleanSupplier valid;

    Grant(Principal principal, BooleanSupplier valid) {
        this.principal = principal;
        this.valid = valid;
    }

    /** Who was let in. */
    public Principal principal() {
        return principal;
    }

    /** Whether it would be let in now: false once its token has expired or been revoked. Quick. */
    public boolean isValid() {
        return valid.getAsBoolean();
    }
}
