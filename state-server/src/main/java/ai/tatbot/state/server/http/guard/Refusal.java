package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.http.Problem;
import java.io.Serial;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** A request goes no further. Costs no stack trace, for it is no failure of the server. */
final class Refusal extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String CHALLENGE = "Bearer realm=\"tatbot-state\"";

    private final transient Problem problem;
    private final transient HttpFields headers;

    private Refusal(Problem problem, HttpField... headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = HttpFields.from(headers);
    }

    static Refusal of(int status, String code, String detail) {
        return new Refusal(new Problem(status, code, detail));
    }

    static Refusal with(HttpField header, int status, String code, String detail) {
        return new Refusal(new Problem(status, code, detail), header);
    }

    static Refusal badRequest(String code, String detail) {
        return of(HttpStatus.BAD_REQUEST_400, code, detail);
    }

    static Refusal forbidden(String code, String detail) {
        return of(HttpStatus.FORBIDDEN_403, code, detail);
    }

    /** No token was shown. */
    static Refusal unauthorized() {
        return with(
                new HttpField(HttpHeader.WWW_AUTHENTICATE, CHALLENGE),
                HttpStatus.UNAUTHORIZED_401,
                "unauthorized",
                "a token is needed; send it as Authorization: Bearer, or log in on the page");
    }

    /** What was shown is worth nothing. */
    static Refusal invalidToken(String detail) {
        return with(
                new HttpField(
                        HttpHeader.WWW_AUTHENTICATE,
                        CHALLENGE + ", error=\"invalid_token\", error_description=\"" + detail + "\""),
                HttpStatus.UNAUTHORIZED_401,
                "invalid_token",
                detail);
    }

    /** Credentials that cannot be made sense of. */
    static Refusal invalidCredentials(String detail) {
        return with(
                new HttpField(
                        HttpHeader.WWW_AUTHENTICATE,
                        CHALLENGE + ", error=\"invalid_request\", error_description=\"" + detail + "\""),
                HttpStatus.BAD_REQUEST_400,
                "invalid_request",
                detail);
    }

    /** Whoever sent it is known, and may not do this. */
    static Refusal insufficientScope(Principal principal, Scope scope) {
        return with(
                new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge(scope)),
                HttpStatus.FORBIDDEN_403,
                "not_allowed",
                lacks(principal, scope));
    }

    /** What the header says if this scope is missing. */
    static String challenge(Scope missing) {
        return CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + missing.text() + "\"";
    }

    /** What to tell whoever lacks this scope. */
    static String lacks(Principal principal, Scope scope) {
        return "this needs the scope " + scope.text() + "; " + principal.name() + " has "
                + principal.scopes().stream().sorted().map(Scope::text).collect(Collectors.joining(", "));
    }

    /** Too many; more are served after this time. */
    static Refusal tooMany(long nanos, String code, String detail) {
        long seconds = Math.max(1, (nanos + 999_999_999L) / 1_000_000_000L);
        return with(
                new HttpField(HttpHeader.RETRY_AFTER, Long.toString(seconds)),
                HttpStatus.TOO_MANY_REQUESTS_429,
                code,
                detail);
    }

    Problem problem() {
        return problem;
    }

    HttpFields headers() {
        return headers;
    }
}
