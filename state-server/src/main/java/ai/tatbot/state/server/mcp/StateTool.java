package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.access.Principal;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.operation.Cancellation;
import ai.tatbot.state.server.schema.SchemaFiles;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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
    private static final JsonMapper JSON = JsonMapper.builder().build();

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
    record Caller(Principal principal, Cancellation cancellation, Consumer<Duration> progress) {}

    /** The tool that a file of the program describes. */
    static StateTool of(SchemaFiles files, ToolKind kind, Action action) {
        return new StateTool(definition(files, kind), inputs(files, kind), kind.scope(), kind.waits(), action);
    }

    /** What clients are told of a tool. */
    static Tool definition(SchemaFiles files, ToolKind kind) {
        ObjectNode file = read(kind.text());
        ObjectNode outputs = StandaloneSchema.of(
                files, read("shared"), file.get("outputSchema").asObject());
        return Tool.builder(kind.text(), map(inputs(files, kind)))
                .title(file.get("title").stringValue())
                .description(file.get("description").stringValue())
                .outputSchema(map(outputs))
                .annotations(JSON.treeToValue(file.get("annotations"), ToolAnnotations.class))
                .build();
    }

    /** Input schema of a tool. */
    static ObjectNode inputs(SchemaFiles files, ToolKind kind) {
        return StandaloneSchema.of(
                files, read("shared"), read(kind.text()).get("inputSchema").asObject());
    }

    private static Map<String, Object> map(ObjectNode schema) {
        return JSON.convertValue(schema, new TypeReference<Map<String, Object>>() {});
    }

    private static ObjectNode read(String name) {
        try (InputStream in = StateTool.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the program has no description of " + name);
            }
            return JSON.readTree(in).asObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return definition.name();
    }
}
