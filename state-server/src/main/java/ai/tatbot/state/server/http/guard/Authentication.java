package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.AccessControl;
import ai.tatbot.state.server.access.Grant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/** Who sends a request: by token in the header, or by the cookie of a page that has logged in. */
final class Authentication {
    /** Name of the page's cookie. */
    static final String COOKIE = "tatbot_session";

    private static final String SCHEME = "Bearer ";
    private static final Set<String> OPEN =
            Set.of("/", "/healthz", "/readyz", "/favicon.ico", "/docs", "/login", "/logout");
    private static final List<String> OPEN_BELOW = List.of("/assets/", "/embed/", "/docs/");
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private final AccessControl access;
    private final Origins origins;
    private final Callers callers;

    Authentication(AccessControl access, Origins origins, Callers callers) {
        this.access = access;
        this.origins = origins;
        this.callers = callers;
    }

    /** Whether anybody may have this: whether the server lives, its documentation, and the page, which then asks for a token. */
    static boolean isOpen(String path) {
        return OPEN.contains(path) || OPEN_BELOW.stream().anyMatch(path::startsWith);
    }

    /** Who it is. */
    Grant require(Request request) throws Refusal {
        Optional<Grant> everybody = access.withoutToken();
        if (everybody.isPresent()) {
            return everybody.get();
        }
        List<HttpField> headers = request.getHeaders().getFields(HttpHeader.AUTHORIZATION);
        if (headers.size() > 1) {
            throw Refusal.invalidCredentials("there is more than one Authorization header");
        }
        if (headers.isEmpty()) {
            return bySession(request);
        }
        String value = headers.get(0).getValue();
        if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Refusal.unauthorized();
        }
        Optional<Grant> grant =
                access.withToken(value.substring(SCHEME.length()).strip());
        if (grant.isEmpty()) {
            throw callers.wrongToken(request);
        }
        return grant.get();
    }

    private Grant bySession(Request request) throws Refusal {
        List<String> cookies = Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(HttpCookie::getValue)
                .toList();
        if (cookies.isEmpty()) {
            throw Refusal.unauthorized();
        }
        // Two of them: somebody has planted one.
        Optional<Grant> grant = cookies.size() > 1 ? Optional.empty() : access.withSession(cookies.get(0));
        if (grant.isEmpty()) {
            throw Refusal.invalidToken("the page's session is over; log in again");
        }
        if (!isSafe(request) && !origins.isFromOwnPage(request)) {
            throw Refusal.forbidden("origin", "a page that is logged in must send this with its own Origin");
        }
        return grant.get();
    }

    private static boolean isSafe(Request request) {
        return SAFE.contains(request.getMethod()) || HttpMethod.OPTIONS.is(request.getMethod());
    }
}
