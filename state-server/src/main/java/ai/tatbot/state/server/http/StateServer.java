package ai.tatbot.state.server.http;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.access.Grant;
import ai.tatbot.state.server.access.StreamLimit;
import ai.tatbot.state.server.docs.DocsSite;
import ai.tatbot.state.server.http.events.EventStreamHandler;
import ai.tatbot.state.server.http.guard.GuardHandler;
import ai.tatbot.state.server.http.metrics.Metrics;
import ai.tatbot.state.server.http.reference.ReferenceRoutes;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.mcp.McpEndpoint;
import ai.tatbot.state.server.operation.AuditTrail;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.operation.Operations;
import ai.tatbot.state.server.schema.SchemaFiles;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Text;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: one process, one watch on Redis, and everything that looks at it. {@code /healthz} says whether the process lives, {@code
 * /readyz} whether it knows the fleet's state.
 */
public final class StateServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateServer.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String MCP = "/mcp";
    private static final Set<String> MCP_METHODS = Set.of("GET", "POST", "DELETE");
    private static final int MOST_THREADS = 200;
    private static final int LEAST_THREADS = 8;

    private final Metrics metrics = new Metrics();
    private final LiveFleet fleet;
    private final Operations operations;
    private final Listener listener;
    private final EventStreamHandler events;
    private final McpEndpoint mcp;
    private final DocsRoutes docs;
    private final Javalin http;

    private StateServer(StateOptions.Builder redis, ServerOptions options, Supplier<DocsSite> docs) {
        this.docs = new DocsRoutes(docs);
        this.listener = Listener.of(options);
        this.fleet = LiveFleet.start(redis, metrics.fleet());
        this.operations = new Operations(fleet, options.allowSetState(), AuditTrail.logged(), metrics.writes());
        StreamLimit streams = new StreamLimit(options.maxStreams());
        this.events = new EventStreamHandler(fleet, request -> permit(streams, request), metrics.streams());
        metrics.watch(fleet, events::clients);
        this.mcp = new McpEndpoint(operations, fleet, metrics::answered);
        metrics.mcpSessions(mcp::sessionCount);
        if (options.tls() != null) {
            metrics.certificate(() -> listener.certificateExpiry()
                    .map(Instant::getEpochSecond)
                    .map(Long::doubleValue)
                    .orElse(Double.NaN));
        }
        this.http = Javalin.create(this::configure);
    }

    /**
     * Starts one. Redis may be away.
     *
     * @param redis how to reach Redis
     * @param docs makes the documentation, when it is first asked for
     * @throws IllegalArgumentException if the options are no good; the message says what to do
     * @throws StateException CONFLICT if the port is taken
     */
    public static StateServer start(StateOptions.Builder redis, ServerOptions options, Supplier<DocsSite> docs) {
        StateServer server = new StateServer(redis, options, docs);
        try {
            server.http.start();
            return server;
        } catch (JavalinBindException e) {
            server.close();
            throw new StateException(
                    Reason.CONFLICT,
                    "port " + options.port() + " is in use; choose another with --port, or 0 for a free one",
                    e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The same, with a documentation that lacks the reference, which only the whole program can make. */
    public static StateServer start(StateOptions.Builder redis, ServerOptions options) {
        return start(redis, options, () -> DocsSite.of(List.of()));
    }

    /** Whether there is a thread that would answer a request. Waits for one, for 5 s at most. */
    public boolean isWorking() {
        CountDownLatch done = new CountDownLatch(1);
        try {
            http.jettyServer().server().getThreadPool().execute(done::countDown);
            return done.await(5, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<EventStreamHandler.Permit> permit(StreamLimit streams, Request request) {
        if (!(request.getAttribute(Grant.ATTRIBUTE) instanceof Grant grant)) {
            return Optional.empty();
        }
        return streams.open(grant).map(permit -> new EventStreamHandler.Permit() {
            @Override
            public boolean isValid() {
                return permit.isValid();
            }

            @Override
            public void close() {
                permit.close();
            }
        });
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.defaultContentType = "application/json";
        config.jetty.threadPool = threads();
        // The one inserted last comes first: what counts, the guard, the streams, which take no thread, then the rest.
        config.jetty.modifyServer(server -> server.insertHandler(events));
        listener.install(config);
        config.jetty.modifyServletContextHandler(context -> {
            ServletHolder holder = new ServletHolder(mcp.servlet());
            holder.setAsyncSupported(true);
            context.addServlet(holder, MCP);
        });
        config.jetty.modifyServer(server -> server.insertHandler(metrics.requests(MCP)));
        metrics.register(config.routes);
        new ApiRoutes(operations).register(config.routes);
        new SchemaRoutes(SchemaFiles.packaged()).register(config.routes);
        new ReferenceRoutes().register(config.routes);
        new PageRoutes().register(config.routes);
        docs.register(config.routes);
        config.routes.get("/healthz", context -> answer(context, "alive"));
        config.routes.get("/readyz", this::ready);
        config.routes.error(404, context -> unless(context, Problem.of(404)));
        config.routes.error(405, context -> unless(context, Problem.of(405)));
        config.routes.exception(OperationException.class, (e, context) -> fail(context, OperationProblems.of(e)));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), Text.safe(context.path(), 200), e);
            fail(context, new Problem(500, "internal", "this should not happen; the server's log says more"));
        });
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("tatbot-http");
        if (VirtualThreads.areSupported()) {
            threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        }
        return threads;
    }

    private void ready(Context context) {
        if (!fleet.link().isLive()) {
            // Open to all, so it does not say where Redis is.
            throw new OperationException(Code.UNAVAILABLE, "Redis is not there; /api/v1/status says more");
        }
        answer(context, "ready");
    }

    private static void answer(Context context, String what) {
        context.contentType("application/json").result(JsonText.object(out -> out.writeStringProperty("status", what)));
    }

    /** A problem that is told already stays as it is. */
    private static void unless(Context context, Problem problem) {
        // Behind the type there is a character set.
        String type = context.res().getContentType();
        if (type == null || !type.startsWith(Problem.CONTENT_TYPE)) {
            fail(context, problem);
        }
    }

    private static void fail(Context context, Problem problem) {
        context.attribute(Problem.ATTRIBUTE, problem.code());
        context.status(problem.status()).contentType(Problem.CONTENT_TYPE).result(problem.bytes());
    }

    /** Where it listens, such as {@code http://127.0.0.1:8765}. */
    public String url() {
        return listener.url(http.port());
    }

    /** Every route, such as {@code GET /api/v1/status}: those of Javalin, the event stream, MCP, and what the guard itself serves. */
    Set<String> routes() {
        Set<String> routes = new TreeSet<>(GuardHandler.ROUTES);
        routes.add("GET " + EventStreamHandler.PATH);
        MCP_METHODS.forEach(method -> routes.add(method + " " + MCP));
        http.unsafe.internalRouter.allHttpHandlers().stream()
                .map(route -> route.endpoint)
                .filter(route -> METHODS.contains(route.method.name()))
                .forEach(route -> routes.add(route.method.name() + " " + route.path));
        return routes;
    }

    /** Stops within 5 s: nothing new is let in, streams are told goodbye, what is under way may end. */
    @Override
    public void close() {
        listener.guard().drain();
        events.close();
        mcp.close();
        http.stop();
        fleet.close();
        metrics.close();
    }
}
