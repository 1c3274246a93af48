package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.AccessControl;
import ai.tatbot.state.server.access.AuditLog;
import ai.tatbot.state.server.access.PageSession;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.show.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** {@code POST /login}, {@code POST /logout}, {@code GET /api/v1/whoami}. */
final class LoginHandler {
    static final String LOGIN = "/login";
    static final String LOGOUT = "/logout";
    static final String WHO_AM_I = "/api/v1/whoami";

    private final AccessControl access;
    private final Callers callers;

    LoginHandler(AccessControl access, Callers callers) {
        this.access = access;
        this.callers = callers;
    }

    static boolean serves(String path) {
        return path.equals(LOGIN) || path.equals(LOGOUT) || path.equals(WHO_AM_I);
    }

    /** Answers, or refuses. */
    void handle(
            Request request,
            String path,
            byte[] body,
            @Nullable Principal principal,
            Response response,
            Callback callback)
            throws Refusal {
        if (path.equals(WHO_AM_I)) {
            requireMethod(request, HttpMethod.GET);
            Answer.json(response, callback, describe(principal == null ? Principal.LOOPBACK : principal));
            return;
        }
        requireMethod(request, HttpMethod.POST);
        boolean secure = isSecure(request);
        String cookie = path.equals(LOGOUT) ? cookie("", Duration.ZERO, secure) : login(request, body, secure);
        if (cookie.isEmpty()) {
            Answer.empty(response, callback);
        } else {
            Answer.empty(response, callback, new HttpField(HttpHeader.SET_COOKIE, cookie));
        }
    }

    private String login(Request request, byte[] body, boolean secure) throws Refusal {
        String token = token(body);
        if (access.withoutToken().isPresent()) {
            return "";
        }
        Optional<PageSession> found = access.login(token);
        if (found.isEmpty()) {
            throw callers.wrongToken(request);
        }
        PageSession session = found.get();
        AuditLog.done(session.token().principal(), "login", "page", "");
        return cookie(session.value(), Duration.between(Instant.now(), session.expires()), secure);
    }

    private static String cookie(String value, Duration age, boolean secure) {
        return Authentication.COOKIE + "=" + value + "; Path=/; Max-Age=" + Math.max(0, age.toSeconds())
                + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /** Whether the page came by TLS, of this server or of one before it; its origin has been checked. */
    private static boolean isSecure(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return request.getConnectionMetaData().isSecure() || (origin != null && origin.startsWith("https://"));
    }

    private static String describe(Principal principal) {
        return JsonText.object(out -> {
            out.writeStringProperty("name", principal.name());
            out.writeArrayPropertyStart("scopes");
            for (Scope scope : Scope.values()) {
                if (principal.may(scope)) {
                    out.writeString(scope.text());
                }
            }
            out.writeEndArray();
        });
    }

    private static String token(byte[] body) throws Refusal {
        String token = null;
        try (JsonParser in = JsonText.parse(body)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean wanted = in.currentName().equals("token");
                    JsonToken value = in.nextToken();
                    if (wanted && value == JsonToken.VALUE_STRING) {
                        token = in.getString();
                    }
                    in.skipChildren();
                }
            }
            if (in.nextToken() != null) {
                token = null;
            }
        } catch (JacksonException e) {
            token = null;
        }
        if (token == null) {
            throw Refusal.badRequest("invalid_request", "the body must be {\"token\": \"tat_...\"}");
        }
        return token;
    }

    private static void requireMethod(Request request, HttpMethod method) throws Refusal {
        if (!method.is(request.getMethod())) {
            throw Refusal.with(
                    new HttpField(HttpHeader.ALLOW, method.asString()),
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    "method_not_allowed",
                    "only " + method.asString() + " is served here");
        }
    }
}
