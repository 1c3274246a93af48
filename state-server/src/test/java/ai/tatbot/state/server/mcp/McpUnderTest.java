package ai.tatbot.state.server.mcp;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.mcp.transport.MountedServlet;
import ai.tatbot.state.server.mcp.transport.RawClient;
import ai.tatbot.state.server.mcp.transport.TransportLimits;
import ai.tatbot.state.server.operation.Operations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** The endpoint with everything behind it, at {@code /mcp} of a server of its own. */
final class McpUnderTest implements AutoCloseable {
    final LiveFleet fleet;
    final McpEndpoint endpoint;
    final List<String> calls = new CopyOnWriteArrayList<>();
    private final MountedServlet server;

    McpUnderTest(RedisServer redis, boolean settable, TransportLimits limits) {
        this.fleet = LiveFleet.start(redis.options().nodeId("server"));
        Operations operations = new Operations(fleet, settable, (who, operation, subject, outcome) -> {});
        this.endpoint =
                new McpEndpoint(operations, fleet, limits, (tool, outcome, took) -> calls.add(tool + " " + outcome));
        this.server = new MountedServlet(endpoint.servlet());
    }

    McpUnderTest(RedisServer redis, boolean settable) {
        this(redis, settable, TransportLimits.DEFAULT);
    }

    McpUnderTest awaitLive() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> fleet.link().isLive());
        return this;
    }

    /** A session of someone who may do this, such as {@code read,publish}. */
    RawClient client(String scopes) {
        return new RawClient(server.uri(), "anna:" + scopes).initialize();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        endpoint.close();
        server.close();
        fleet.close();
    }
}
