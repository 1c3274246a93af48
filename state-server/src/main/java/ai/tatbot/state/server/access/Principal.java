package ai.tatbot.state.server.access;

import java.util.Set;

/**
 * Who asks. Immutable.
 *
 * @param name for logs; never a secret
 * @param scopes what it may do
 */
public record Principal(String name, Set<Scope> scopes) {
    /** Name of the request attribute that holds it. */
    public static final String ATTRIBUTE = "ai.tatbot.state.server.principal";

    /** Whoever reaches a server that listens on loopback only and has no tokens. */
    public static final Principal LOOPBACK = new Principal("loopback", Set.of(Scope.READ, Scope.PUBLISH));

    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /** Whether it may do what this scope stands for. */
    public boolean may(Scope scope) {
        return scopes.contains(Scope.ADMIN) || scopes.contains(scope);
    }
}
