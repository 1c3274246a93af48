package ai.tatbot.state.server.http;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.StatusJson;
import ai.tatbot.state.server.show.Text;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.util.Locale;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: {@code /healthz}, {@code /readyz}, {@code /api/v1/status}. It listens on loopback only, for whoever can
 * reach it sees the whole fleet. Every answer is JSON, failures too. {@code /healthz} answers at once, whatever Redis does.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_THREADS = 32;
    private static final int LEAST_THREADS = 4;

    /** A request under way when the server stops may take this long. */
    private static final long STOP_MILLIS = 2_000;

    private final RedisLink redis;
    private final NodeFinder finder;
    private final Javalin http;

    private StatusServer(StateOptions options) {
        this.redis = new RedisLink(options);
        this.http = Javalin.create(this::configure);
        this.finder = new NodeFinder(redis);
    }

    /**
     * Starts one. Redis may be away.
     *
     * @param port TCP port; 0 for a free one
     * @throws StateException CONFLICT if the port is taken
     */
    public static StatusServer start(StateOptions options, int port) {
        StatusServer server = new StatusServer(options);
        try {
            server.http.start(LOOPBACK, port);
            return server;
        } catch (JavalinBindException e) {
            server.close();
            throw new StateException(
                    Reason.CONFLICT, "port " + port + " is in use; choose another with --port, or 0 for a free one", e);
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.defaultContentType = "application/json";
        config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_MILLIS);
            server.setErrorHandler(new JsonErrorHandler());
        });
        config.routes.get("/healthz", context -> answer(context, HttpStatus.OK, "alive"));
        config.routes.get("/readyz", this::ready);
        config.routes.get(
                "/api/v1/status",
                context -> json(context, HttpStatus.OK, StatusJson.of(redis.call(StateManager::systemStatus))));
        config.routes.error(
                404,
                context -> fail(
                        context,
                        HttpStatus.NOT_FOUND,
                        "not_found",
                        "there is nothing here. There are: /healthz, /readyz, /api/v1/status"));
        config.routes.error(
                405,
                context ->
                        fail(context, HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "only GET is served here"));
        config.routes.exception(StateException.class, (e, context) -> failed(e, context));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), Text.safe(context.path(), 200), e);
            fail(context, HttpStatus.INTERNAL_SERVER_ERROR, "internal", "this should not happen; the log says more");
        });
    }

    private void ready(Context context) {
        redis.call(state -> {
            state.ping();
            return state;
        });
        answer(context, HttpStatus.OK, "ready");
    }

    private static void failed(StateException e, Context context) {
        String code = e.reason().name().toLowerCase(Locale.ROOT);
        fail(context, HttpStatus.SERVICE_UNAVAILABLE, code, String.valueOf(e.getMessage()));
    }

    private static void answer(Context context, HttpStatus status, String what) {
        json(context, status, JsonText.object(out -> out.writeStringProperty("status", what)));
    }

    private static void fail(Context context, HttpStatus status, String code, String message) {
        json(context, status, error(code, message));
    }

    private static void json(Context context, HttpStatus status, String json) {
        context.status(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .result(json);
    }

    static String error(String code, String message) {
        return JsonText.object(out -> {
            out.writeObjectPropertyStart("error");
            out.writeStringProperty("code", code);
            out.writeStringProperty("message", message);
            out.writeEndObject();
        });
    }

    /** Where it listens, such as {@code http://127.0.0.1:8765}. */
    public String url() {
        return "http://" + LOOPBACK + ":" + http.port();
    }

    /** Stops, within {@value #STOP_MILLIS} ms. */
    @Override
    public void close() {
        finder.close();
        http.stop();
        redis.close();
    }
}
