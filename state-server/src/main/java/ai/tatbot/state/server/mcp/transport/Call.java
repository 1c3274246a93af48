package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.access.Principal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request of a client that is being answered: who asks, and whether it still wants the answer. Thread-safe. */
public final class Call {
    private static final String KEY = "ai.tatbot.state.server.mcp.call";

    private final Principal principal;
    private final List<Runnable> onCancel = new ArrayList<>();
    private boolean cancelled;

    Call(Principal principal) {
        this.principal = principal;
    }

    /** The call that an exchange belongs to. */
    public static Call of(McpAsyncServerExchange exchange) {
        return (Call) exchange.transportContext().get(KEY);
    }

    McpTransportContext context() {
        return McpTransportContext.create(Map.of(KEY, this));
    }

    /** Who asks. */
    public Principal principal() {
        return principal;
    }

    /** Whether the client has withdrawn it, or its session has ended. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs this when the call is cancelled; at once if it is. */
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                onCancel.add(action);
                return;
            }
        }
        action.run();
    }

    void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            actions = List.copyOf(onCancel);
            onCancel.clear();
        }
        actions.forEach(Runnable::run);
    }
}
