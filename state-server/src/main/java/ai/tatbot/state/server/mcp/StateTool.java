package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.operation.Cancellation;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One tool.
 *
 * @param definition what clients are told of it
 * @param inputs its input schema
 * @param scope what its caller must have
 * @param waits whether it may take longer than a request to Redis
 * @param action what it does
 */
record StateTool(Tool definition, JsonNode inputs, Scope scope, boolean waits, Action action) {
    private static final String FOLDER = "ai/tatbot/state/server/mcp/";

    /** What a tool does. */
    interface Action {
        /** @throws ai.tatbot.state.server.operation.OperationException if it cannot be done */
        JsonWritable call(Arguments arguments, Caller caller);
    }

    /**
     * Who calls.
     *
     * @param principal who it is
     * @param cancellation whether it still wants the answer
     * @param progress told how long the call has waited
     */
    record Caller(
            ai.tatbot.state.server.access.Principal principal,
            Cancellation cancellation,
            Consumer<Duration> progress) {}

    /** The tool that a file of the program describes. */
    static StateTool of(SchemaFiles files, String name, Scope scope, boolean waits, Action action) {
        ObjectNode shared = SchemaFiles.JSON
                .readTree(SchemaFiles.read(FOLDER + "shared.json"))
                .asObject();
        ObjectNode file = SchemaFiles.JSON
                .readTree(SchemaFiles.read(FOLDER + name + ".json"))
                .asObject();
        ObjectNode inputs =
                StandaloneSchema.of(files, shared, file.get("inputSchema").asObject());
        ObjectNode outputs =
                StandaloneSchema.of(files, shared, file.get("outputSchema").asObject());
        Tool definition = Tool.builder(name, map(inputs))
                .title(file.get("title").stringValue())
                .description(file.get("description").stringValue())
                .outputSchema(map(outputs))
                .annotations(SchemaFiles.JSON.treeToValue(file.get("annotations"), ToolAnnotations.class))
                .build();
        return new StateTool(definition, inputs, scope, waits, action);
    }

    private static Map<String, Object> map(ObjectNode schema) {
        return SchemaFiles.JSON.convertValue(schema, new TypeReference<Map<String, Object>>() {});
    }

    String name() {
        return definition.name();
    }
}
