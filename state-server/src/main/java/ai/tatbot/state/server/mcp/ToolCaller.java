package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.mcp.transport.Call;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/** Lists the tools that a caller may use, and calls them. */
final class ToolCaller {
    private static final Logger LOG = LoggerFactory.getLogger(ToolCaller.class);

    private final Map<String, StateTool> tools = new LinkedHashMap<>();
    private final Executor waiting;
    private final McpCalls calls;

    /** @param waiting runs calls that take long; refuses those that are too many */
    ToolCaller(List<StateTool> tools, Executor waiting, McpCalls calls) {
        tools.forEach(tool -> this.tools.put(tool.name(), tool));
        this.waiting = waiting;
        this.calls = calls;
    }

    ListToolsResult list(Params params, Principal principal) {
        params.requireNoCursor();
        return ListToolsResult.builder(tools.values().stream()
                        .filter(tool -> principal.may(tool.scope()))
                        .map(StateTool::definition)
                        .toList())
                .build();
    }

    /** The result of a call, also of one that fails; empty if it was cancelled. */
    Mono<CallToolResult> call(McpAsyncServerExchange exchange, Params params) {
        Call call = Call.of(exchange);
        String name = params.text("name");
        JsonNode arguments = params.objectOrEmpty("arguments");
        Object token = params.progressToken();
        StateTool tool = tools.get(name);
        if (tool == null) {
            calls.answered("unknown", "not_found", Duration.ZERO);
            throw Params.invalid("there is no such tool; there are " + names(call.principal()));
        }
        StateTool.Caller caller = new StateTool.Caller(call.principal(), call::isCancelled, progress(exchange, token));
        if (!tool.waits()) {
            return Mono.just(result(tool, arguments, caller));
        }
        return Mono.create(sink -> {
            try {
                waiting.execute(() -> {
                    CallToolResult result = result(tool, arguments, caller);
                    if (call.isCancelled()) {
                        sink.success();
                    } else {
                        sink.success(result);
                    }
                });
            } catch (RejectedExecutionException e) {
                sink.success(failed(
                        tool,
                        System.nanoTime(),
                        new OperationException(
                                Code.UNAVAILABLE, "too many calls are waiting; call again in a moment")));
            }
        });
    }

    private String names(Principal principal) {
        return tools.values().stream()
                .filter(tool -> principal.may(tool.scope()))
                .map(StateTool::name)
                .collect(Collectors.joining(", "));
    }

    private CallToolResult result(StateTool tool, JsonNode arguments, StateTool.Caller caller) {
        long start = System.nanoTime();
        try {
            if (!caller.principal().may(tool.scope())) {
                throw new OperationException(
                        Code.NOT_ALLOWED,
                        tool.name() + " needs the scope " + tool.scope().text() + "; use a token that has it");
            }
            ArgumentCheck.check(tool.inputs(), arguments);
            String json = StateJson.text(tool.action().call(new Arguments(tool.inputs(), arguments), caller));
            answered(tool, caller.cancellation().isRequested() ? "cancelled" : "ok", start);
            return new CallToolResult(content(json), false, new RawValue(json), null);
        } catch (OperationException e) {
            return failed(tool, start, e);
        } catch (RuntimeException e) {
            LOG.error("{} failed", tool.name(), e);
            return failed(
                    tool,
                    start,
                    new OperationException(
                            Code.INTERNAL,
                            "this should not happen; the server's log says more, and the call may be repeated"));
        }
    }

    private CallToolResult failed(StateTool tool, long start, OperationException e) {
        answered(tool, e.code().name().toLowerCase(Locale.ROOT), start);
        return new CallToolResult(content(e.text()), true, null, null);
    }

    private void answered(StateTool tool, String outcome, long start) {
        calls.answered(tool.name(), outcome, Duration.ofNanos(System.nanoTime() - start));
    }

    private static List<io.modelcontextprotocol.spec.McpSchema.Content> content(String text) {
        return List.of(TextContent.builder(text).build());
    }

    private static Consumer<Duration> progress(McpAsyncServerExchange exchange, @Nullable Object token) {
        if (token == null) {
            return waited -> {};
        }
        return waited -> exchange.progressNotification(ProgressNotification.builder(token, waited.toMillis() / 1_000.0)
                        .message("waiting, " + waited.toSeconds() + " s")
                        .build())
                .subscribe(done -> {}, thrown -> LOG.debug("progress not sent", thrown));
    }
}
