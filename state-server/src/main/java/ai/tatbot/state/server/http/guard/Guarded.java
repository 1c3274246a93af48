package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** For routes behind the guard: who asks, and whether they may. */
public final class Guarded {
    private Guarded() {}

    /** Who asks. Not for what is open to all. */
    public static Principal principal(ServletRequest request) {
        return grant(request).principal();
    }

    /** What they were let in by: for streams, which outlast a token. Not for what is open to all. */
    public static Grant grant(ServletRequest request) {
        if (request.getAttribute(Grant.ATTRIBUTE) instanceof Grant grant) {
            return grant;
        }
        throw new OperationException(Code.NOT_ALLOWED, "nobody is known to ask for this; a token is needed");
    }

    /**
     * Who asks, if they may.
     *
     * @throws OperationException NOT_ALLOWED if not; the response then has the header that says which scope is needed, and should
     *     have status 403
     */
    public static Principal require(HttpServletRequest request, HttpServletResponse response, Scope scope) {
        Principal principal = principal(request);
        if (!principal.may(scope)) {
            response.setHeader("WWW-Authenticate", Refusal.challenge(scope));
            throw new OperationException(Code.NOT_ALLOWED, Refusal.lacks(principal, scope));
        }
        return principal;
    }
}
