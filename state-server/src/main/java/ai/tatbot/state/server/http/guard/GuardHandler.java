package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.AccessControl;
import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.http.Problem;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.metrics.RequestMeter;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything that the server serves. What it lets through has an allowed method, host, origin and path, is within
 * its caller's rate, has a body that is complete and not too large, and carries who sends it ({@link Principal#ATTRIBUTE},
 * {@link Grant#ATTRIBUTE}), except for what is open to all. It serves {@code /login}, {@code /logout} and {@code /api/v1/whoami}
 * itself. Reading takes the scope {@code read}; what else a caller may do is for the routes to check: {@link Guarded}.
 */
public final class GuardHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(GuardHandler.class);

    /** Largest body that is taken. */
    public static final int LARGEST_BODY = 1 << 20;

    /** Deepest nesting of JSON that is taken. */
    public static final int DEEPEST_JSON = 64;

    /** What it serves itself. */
    public static final Set<String> ROUTES =
            Set.of("POST " + LoginHandler.LOGIN, "POST " + LoginHandler.LOGOUT, "GET " + LoginHandler.WHO_AM_I);

    private static final int LARGEST_LOGIN = 4_096;
    private static final long BODIES_IN_MEMORY = 32L << 20;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");

    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final AllowedHosts hosts;
    private final Origins origins;
    private final SecurityHeaders headers;
    private final Callers callers;
    private final Authentication authentication;
    private final LoginHandler login;
    private final BodyBudget bodies = new BodyBudget(BODIES_IN_MEMORY);
    private volatile boolean draining;

    public GuardHandler(ServerOptions options, AccessControl access) {
        this.hosts = new AllowedHosts(options.publicHosts());
        this.origins = new Origins(hosts, options.origins());
        this.headers = new SecurityHeaders(options.embedOrigins());
        this.callers = new Callers(options.rate());
        this.authentication = new Authentication(access, origins, callers);
        this.login = new LoginHandler(access, callers);
    }

    /** For requests that never get as far as here, because they are no HTTP. */
    public Request.Handler errorHandler() {
        return new ErrorHandler(headers);
    }

    /** From now on refuses whatever comes; what is under way goes on. The server is about to stop. */
    public void drain() {
        draining = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        try {
            SecurityHeaders.Chosen chosen = headers.install(request, response);
            String path = check(request);
            chosen.path(path);
            String foreign = origins.allowedForeign(request);
            if (foreign != null) {
                CrossOrigin.allow(request, foreign);
            }
            if (Origins.isPreflight(request)) {
                callers.takeStranger(request);
                Answer.empty(response, callback, CrossOrigin.preflight());
                return true;
            }
            Principal principal = admit(request, path);
            checkBody(request, path);
            if (Answer.mayHaveBody(request)) {
                readBody(request, path, principal, response, callback);
                return true;
            }
            return serve(request, path, new byte[0], principal, response, callback);
        } catch (Refusal refusal) {
            Answer.refuse(request, response, callback, refusal);
            return true;
        }
    }

    /** What can be seen of a request without asking who sends it. */
    private String check(Request request) throws Refusal {
        if (draining) {
            throw Refusal.with(
                    new HttpField(HttpHeader.CONNECTION, "close"),
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "shutting_down",
                    "the server is about to stop");
        }
        if (!METHODS.contains(request.getMethod())) {
            throw methodNotAllowed();
        }
        // Javalin would take its word for the method, and all that was checked for another would not hold.
        if (request.getHeaders().contains(METHOD_OVERRIDE)) {
            throw Refusal.badRequest("method_override", METHOD_OVERRIDE + " is not taken; send the method itself");
        }
        checkHost(request);
        String path = Target.path(request.getHttpURI());
        Target.checkQuery(request.getHttpURI().getQuery());
        origins.check(request);
        return path;
    }

    private static Refusal methodNotAllowed() {
        return Refusal.with(
                new HttpField(HttpHeader.ALLOW, "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
                HttpStatus.METHOD_NOT_ALLOWED_405,
                "method_not_allowed",
                "this method is served nowhere here");
    }

    private void checkHost(Request request) throws Refusal {
        List<HttpField> sent = request.getHeaders().getFields(HttpHeader.HOST);
        if (sent.size() != 1) {
            throw Refusal.badRequest("host", "there must be one Host header");
        }
        boolean allowed = hosts.allows(
                String.valueOf(sent.get(0).getValue()),
                request.getConnectionMetaData().getLocalSocketAddress(),
                request.getConnectionMetaData().isSecure() ? "https" : "http");
        if (!allowed) {
            throw Refusal.forbidden(
                    "host", "the server is not called by this name; --public-host names those it is called by");
        }
    }

    private @Nullable Principal admit(Request request, String path) throws Refusal {
        if (Authentication.isOpen(path)) {
            callers.takeStranger(request);
            return null;
        }
        Grant grant = authentication.require(request);
        callers.take(grant.principal().name());
        // Whatever is read takes this scope, so no route can forget to ask for it. Who one is may be asked without it.
        if (READING.contains(request.getMethod())
                && !path.equals(LoginHandler.WHO_AM_I)
                && !grant.principal().may(Scope.READ)) {
            throw Refusal.insufficientScope(grant.principal(), Scope.READ);
        }
        request.setAttribute(Principal.ATTRIBUTE, grant.principal());
        request.setAttribute(Grant.ATTRIBUTE, grant);
        return grant.principal();
    }

    private static void checkBody(Request request, String path) throws Refusal {
        if (request.getLength() > largest(path)) {
            throw Body.tooLarge(largest(path));
        }
        List<HttpField> types = request.getHeaders().getFields(HttpHeader.CONTENT_TYPE);
        boolean allowed = Answer.mayHaveBody(request)
                // Besides: what a form of a foreign page can send without asking is refused here.
                ? types.size() == 1 && isJson(types.get(0))
                // There is nothing to decode, but the servlets behind would fail over a charset that they do not know.
                : types.stream().allMatch(GuardHandler::isUtf8);
        if (!allowed) {
            throw Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "media_type", "a body must be application/json, in UTF-8");
        }
    }

    private static boolean isJson(HttpField type) {
        return "application/json".equals(MimeTypes.getMimeTypeAsStringFromContentType(type)) && isUtf8(type);
    }

    private static boolean isUtf8(HttpField type) {
        String charset = MimeTypes.getCharsetFromContentType(type.getValue());
        return charset == null || charset.equalsIgnoreCase("utf-8");
    }

    private static int largest(String path) {
        return path.equals(LoginHandler.LOGIN) ? LARGEST_LOGIN : LARGEST_BODY;
    }

    private void readBody(
            Request request, String path, @Nullable Principal principal, Response response, Callback callback) {
        new Body(
                        request,
                        largest(path),
                        bodies,
                        body -> serveWhole(
                                new ReadRequest(request, body),
                                path,
                                body,
                                principal,
                                response,
                                Callback.from(callback, () -> bodies.giveBack(body.length))),
                        refusal -> Answer.refuse(request, response, callback, refusal))
                .read();
    }

    private void serveWhole(
            Request request,
            String path,
            byte[] body,
            @Nullable Principal principal,
            Response response,
            Callback callback) {
        try {
            if (JsonDepth.exceeds(body, DEEPEST_JSON)) {
                throw Refusal.badRequest(
                        "too_deep", "the JSON is nested too deep; " + DEEPEST_JSON + " levels are taken");
            }
            if (!serve(request, path, body, principal, response, callback)) {
                Answer.problem(response, callback, Problem.of(HttpStatus.NOT_FOUND_404));
            }
        } catch (Refusal refusal) {
            Answer.refuse(request, response, callback, refusal);
        } catch (Exception e) {
            LOG.error("a request failed", e);
            Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
        }
    }

    private boolean serve(
            Request request,
            String path,
            byte[] body,
            @Nullable Principal principal,
            Response response,
            Callback callback)
            throws Exception {
        if (LoginHandler.serves(path)) {
            request.setAttribute(RequestMeter.ROUTE, path);
            login.handle(request, path, body, principal, response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
