package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.http.Listener;
import ai.tatbot.state.server.http.Problem;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.operation.OperationException;
import io.javalin.Javalin;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A small server behind the guard: routes that tell what reached them. */
final class GuardedServer implements AutoCloseable {
    private final Javalin http;
    private final Listener listener;

    private GuardedServer(ServerOptions options) {
        this.listener = Listener.of(options);
        this.http = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.jetty.threadPool = new QueuedThreadPool(32, 4);
            listener.install(config);
            config.routes.get("/healthz", context -> context.result("alive"));
            config.routes.get("/", context -> context.html("<!doctype html><title>page</title>"));
            config.routes.get("/assets/app.js", context -> context.result("app"));
            config.routes.get("/embed/progress", context -> context.html("panel"));
            config.routes.get(
                    "/api/v1/state/{key}",
                    context -> context.result(Guarded.require(context.req(), context.res(), Scope.READ)
                                    .name() + " reads " + context.pathParam("key")));
            config.routes.post(
                    "/api/v1/events",
                    context -> context.result(Guarded.require(context.req(), context.res(), Scope.PUBLISH)
                                    .name() + " publishes " + context.body().length()));
            config.routes.error(
                    404,
                    context -> context.contentType(Problem.CONTENT_TYPE)
                            .result(Problem.of(404).bytes()));
            config.routes.exception(
                    OperationException.class,
                    (e, context) -> context.status(403)
                            .contentType(Problem.CONTENT_TYPE)
                            .result(new Problem(403, "not_allowed", String.valueOf(e.getMessage())).bytes()));
        });
    }

    static GuardedServer start(ServerOptions.Builder options) {
        GuardedServer server = new GuardedServer(options.port(0).build());
        server.http.start();
        return server;
    }

    static GuardedServer start() {
        return start(ServerOptions.builder());
    }

    int port() {
        return http.port();
    }

    Listener listener() {
        return listener;
    }

    @Override
    public void close() {
        http.stop();
    }
}
