package ai.tatbot.state.server.http.guard;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** From which pages a browser may call: its own, and those that are named, letter by letter. */
final class Origins {
    private static final String SITE = "Sec-Fetch-Site";
    private static final String MODE = "Sec-Fetch-Mode";
    private static final String SEPARATOR = "://";

    private final AllowedHosts hosts;
    private final List<String> foreign;

    Origins(AllowedHosts hosts, List<String> foreign) {
        this.hosts = hosts;
        this.foreign = foreign;
    }

    /** Refuses what a page of any other origin has sent. */
    void check(Request request) throws Refusal {
        List<HttpField> sent = request.getHeaders().getFields(HttpHeader.ORIGIN);
        if (sent.size() > 1) {
            throw Refusal.badRequest("origin", "there is more than one Origin header");
        }
        if (sent.isEmpty()) {
            checkSite(request);
        } else if (!isOwn(request, sent.get(0).getValue())
                && !isForeign(sent.get(0).getValue())) {
            throw Refusal.forbidden(
                    "origin", "pages of this origin may not call the server; --allow-origin names those that may");
        }
    }

    /** A request without an origin may come of a foreign page all the same: of an image, say. A link may be followed. */
    private static void checkSite(Request request) throws Refusal {
        String site = request.getHeaders().get(SITE);
        boolean elsewhere = "cross-site".equals(site) || "same-site".equals(site);
        if (elsewhere && !"navigate".equals(request.getHeaders().get(MODE))) {
            throw Refusal.forbidden("origin", "a page of another origin may not load this");
        }
    }

    /** Whether one of the server's own pages says that it has sent this. What only cookies stand for needs it. */
    boolean isFromOwnPage(Request request) {
        HttpFields headers = request.getHeaders();
        String origin = headers.get(HttpHeader.ORIGIN);
        return origin == null ? "same-origin".equals(headers.get(SITE)) : isOwn(request, origin);
    }

    /** The foreign page that is allowed to call and has called; null if it is none. */
    @Nullable
    String allowedForeign(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && isForeign(origin) ? origin : null;
    }

    /** Whether a browser asks if the page may call. */
    static boolean isPreflight(Request request) {
        return HttpMethod.OPTIONS.is(request.getMethod())
                && request.getHeaders().contains(HttpHeader.ORIGIN)
                && request.getHeaders().contains("Access-Control-Request-Method");
    }

    private boolean isForeign(String origin) {
        return foreign.contains(origin);
    }

    private boolean isOwn(Request request, String origin) {
        String scheme = request.getConnectionMetaData().isSecure() ? "https" : "http";
        return origin.startsWith(scheme + SEPARATOR)
                && hosts.allows(
                        origin.substring(scheme.length() + SEPARATOR.length()),
                        request.getConnectionMetaData().getLocalSocketAddress(),
                        scheme);
    }
}
