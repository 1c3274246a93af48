package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.operation.Operations;
import ai.tatbot.state.server.schema.SchemaFiles;
import java.util.ArrayList;
import java.util.List;

/** The tools of this server. What they take and give is described in files beside this class. */
final class StateTools {
    private StateTools() {}

    static List<StateTool> of(Operations operations, SchemaFiles files) {
        List<StateTool> tools = new ArrayList<>();
        tools.add(StateTool.of(
                files, ToolKind.GET_STATE, (arguments, caller) -> operations.getState(arguments.text("key"))));
        tools.add(StateTool.of(
                files,
                ToolKind.LIST_STATE,
                (arguments, caller) -> operations.listState(
                        arguments.textOrNull("kind"), arguments.integer("limit"), arguments.textOrNull("cursor"))));
        tools.add(StateTool.of(
                files, ToolKind.SYSTEM_STATUS, (arguments, caller) -> status(operations, arguments.flag("detailed"))));
        tools.add(StateTool.of(
                files,
                ToolKind.WATCH_STATE,
                (arguments, caller) -> operations.watchState(
                        arguments.text("key"),
                        arguments.longOrNull("since_revision"),
                        arguments.millis("timeout_ms"),
                        caller.cancellation(),
                        caller.progress())));
        tools.add(StateTool.of(
                files,
                ToolKind.PUBLISH_EVENT,
                (arguments, caller) -> operations.publishEvent(
                        caller.principal(),
                        arguments.text("channel"),
                        arguments.text("type"),
                        arguments.json("data"))));
        if (operations.maySetState()) {
            tools.add(StateTool.of(
                    files,
                    ToolKind.SET_STATE,
                    (arguments, caller) -> operations.setState(
                            caller.principal(),
                            arguments.text("key"),
                            arguments.json("value"),
                            arguments.longOrNull("expected_revision"),
                            arguments.secondsOrNull("ttl_s"))));
        }
        return tools;
    }

    private static JsonWritable status(Operations operations, boolean detailed) {
        return out -> operations.systemStatus().writeTo(out, detailed);
    }
}
