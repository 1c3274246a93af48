package ai.tatbot.state.server.mcp;

import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.mcp.transport.Stdio;
import ai.tatbot.state.server.mcp.transport.StreamableHttp;
import ai.tatbot.state.server.mcp.transport.TransportLimits;
import ai.tatbot.state.server.operation.Operations;
import ai.tatbot.state.server.schema.SchemaFiles;
import jakarta.servlet.Servlet;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The fleet's state over the Model Context Protocol: at {@code /mcp} by its servlet, and over a pair of streams. What it offers
 * depends on who asks: see {@link Principal}. Whoever closes it closes operations and fleet later.
 *
 * <p>Thread-safe.
 */
public final class McpEndpoint implements AutoCloseable {
    /** Each that waits holds a thread. */
    private static final int MOST_WAITING = 128;

    private static final Duration THREAD_IDLE = Duration.ofSeconds(10);

    private final StreamableHttp http;
    private final StateSessions sessions;
    private final ThreadPoolExecutor waiting;

    /**
     * @param operations decides whether there is a tool that overwrites state
     * @param calls told of each call of a tool
     */
    public McpEndpoint(Operations operations, LiveFleet fleet, TransportLimits limits, McpCalls calls) {
        SchemaFiles files = SchemaFiles.packaged();
        this.waiting = new ThreadPoolExecutor(
                0, MOST_WAITING, THREAD_IDLE.toMillis(), TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "tatbot-mcp-call");
                    thread.setDaemon(true);
                    return thread;
                });
        this.sessions = new StateSessions(
                new ToolCaller(StateTools.of(operations, files), waiting, calls),
                new StateResources(operations, files),
                fleet);
        this.http = new StreamableHttp(limits);
        http.setSessionFactory(sessions);
    }

    /** With the limits that the server uses. */
    public McpEndpoint(Operations operations, LiveFleet fleet, McpCalls calls) {
        this(operations, fleet, TransportLimits.DEFAULT, calls);
    }

    /** What answers at {@code /mcp}, to whomever a guard before it has identified. Has to be allowed to be asynchronous. */
    public Servlet servlet() {
        return http.servlet();
    }

    /** Number of open sessions over HTTP. */
    public int sessionCount() {
        return http.sessionCount();
    }

    /** How many resources someone has subscribed to. */
    int subscriptionCount() {
        return sessions.subscriptionCount();
    }

    /**
     * Serves one client over a pair of streams, a message a line, until the first has ended.
     *
     * @param principal who the client is
     */
    public void serve(Principal principal, InputStream in, OutputStream out) {
        new Stdio(sessions, principal, in, out).run();
    }

    /** Ends all sessions and all calls, within a second or two. */
    @Override
    public void close() {
        http.close();
        sessions.close();
        waiting.shutdownNow();
    }
}
