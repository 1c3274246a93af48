package ai.tatbot.state.server.http.guard;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Headers that every answer has. They are put last, so that nothing behind the guard can weaken them. */
final class SecurityHeaders {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";

    private static final String EMBED = "/embed/";

    /** What says itself how long it may be kept, because it holds nothing of the fleet. */
    private static final List<String> KEPT = List.of("/assets/", "/schema", "/docs/");

    private final String policy = POLICY + "'none'";
    private final String embedPolicy;
    private final boolean embedElsewhere;

    /** @param embedOrigins whose pages may show {@code /embed/...} in a frame, besides its own */
    SecurityHeaders(List<String> embedOrigins) {
        this.embedPolicy = POLICY
                + String.join(" ", "'self'", String.join(" ", embedOrigins)).strip();
        this.embedElsewhere = !embedOrigins.isEmpty();
    }

    /** Puts them on whatever will answer this request: the strictest, until it is known what is asked for. */
    Chosen install(Request request, Response response) {
        Chosen chosen = new Chosen();
        boolean secure = request.getConnectionMetaData().isSecure();
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            @Override
            public void prepareResponse(HttpFields.Mutable headers) {
                // What is refused or missing is not what the path promises.
                put(headers, response.getStatus() < HttpStatus.BAD_REQUEST_400 ? chosen.path : "", secure);
                super.prepareResponse(headers);
            }
        });
        return chosen;
    }

    /** Which path's headers they will be. */
    static final class Chosen {
        private volatile String path = "";

        /** A path that has been checked. */
        void path(String checked) {
            path = checked;
        }
    }

    void put(HttpFields.Mutable headers, String path, boolean secure) {
        boolean embedded = path.startsWith(EMBED);
        headers.put("Content-Security-Policy", embedded ? embedPolicy : policy);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", embedded && embedElsewhere ? "cross-origin" : "same-origin");
        headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        if (!embedded) {
            headers.put("X-Frame-Options", "DENY");
        }
        if (secure) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        if (KEPT.stream().noneMatch(path::startsWith) || !headers.contains(HttpHeader.CACHE_CONTROL)) {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
        headers.remove(HttpHeader.SERVER);
    }
}
