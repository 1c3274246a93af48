package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A servlet at {@code /mcp} of a server on loopback. Who asks stands in the header {@value #WHO}: a name, and what it may do,
 * such as {@code anna:read,publish}. Without it: someone who may read.
 */
public final class MountedServlet implements AutoCloseable {
    /** Header that says who asks. */
    public static final String WHO = "Test-Principal";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    public MountedServlet(Servlet servlet) {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/mcp");
        FilterHolder filter = new FilterHolder((Filter) (request, response, chain) -> {
            if (request instanceof jakarta.servlet.http.HttpServletRequest http) {
                request.setAttribute(Principal.ATTRIBUTE, principal(http.getHeader(WHO)));
            }
            chain.doFilter(request, response);
        });
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.setStopTimeout(1_000);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Principal principal(@org.jspecify.annotations.Nullable String who) {
        if (who == null) {
            return new Principal("reader", Set.of(Scope.READ));
        }
        String[] parts = who.split(":", 2);
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : parts[1].split(",", -1)) {
            scopes.add(Scope.valueOf(scope.toUpperCase(java.util.Locale.ROOT)));
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
