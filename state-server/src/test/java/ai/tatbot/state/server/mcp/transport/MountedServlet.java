package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.AccessControl;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.guard.GuardHandler;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A servlet at {@code /mcp} of a server on loopback. Who asks stands in the header {@value #WHO}: a name, and what it may do,
 * such as {@code anna:read,publish}. Without it: someone who may read.
 */
public final class MountedServlet implements AutoCloseable {
    /** Header that says who asks. */
    public static final String WHO = "Test-Principal";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /** Behind nothing but a filter that says who asks. */
    public MountedServlet(Servlet servlet) {
        this(servlet, false);
    }

    /** Behind the guard that stands before the whole server, which lets everyone on loopback in. */
    public static MountedServlet guarded(Servlet servlet) {
        return new MountedServlet(servlet, true);
    }

    private MountedServlet(Servlet servlet, boolean guarded) {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/mcp");
        if (guarded) {
            GuardHandler guard = new GuardHandler(ServerOptions.loopback(0), AccessControl.withoutTokens());
            guard.setHandler(context);
            server.setHandler(guard);
            server.setErrorHandler(guard.errorHandler());
        } else {
            context.addFilter(identify(), "/*", EnumSet.of(DispatcherType.REQUEST));
            server.setHandler(context);
        }
        connector.setShutdownIdleTimeout(50);
        server.setStopTimeout(5_000);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static FilterHolder identify() {
        FilterHolder filter = new FilterHolder((Filter) (request, response, chain) -> {
            if (request instanceof HttpServletRequest http) {
                request.setAttribute(Principal.ATTRIBUTE, principal(http.getHeader(WHO)));
            }
            chain.doFilter(request, response);
        });
        filter.setAsyncSupported(true);
        return filter;
    }

    private static Principal principal(@Nullable String who) {
        if (who == null) {
            return new Principal("reader", Set.of(Scope.READ));
        }
        String[] parts = who.split(":", 2);
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : parts[1].split(",", -1)) {
            scopes.add(Scope.valueOf(scope.toUpperCase(Locale.ROOT)));
        }
        return new Principal(parts[0], scopes);
    }

    public int port() {
        return connector.getLocalPort();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/mcp");
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
