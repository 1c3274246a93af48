package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.Operations;
import ai.tatbot.state.server.schema.SchemaFile;
import ai.tatbot.state.server.schema.SchemaFiles;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult.CompleteCompletion;
import io.modelcontextprotocol.spec.McpSchema.ListResourceTemplatesResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be read as a resource: the status, the session in hand, each node's documents, and the schemas. */
final class StateResources {
    private static final String JSON = "application/json";
    private static final String JSON_SCHEMA = "application/schema+json";
    private static final int MOST_COMPLETIONS = 100;

    private final Operations operations;
    private final SchemaFiles schemas;
    private final ListResourcesResult resources;
    private final ListResourceTemplatesResult templates;

    StateResources(Operations operations, SchemaFiles schemas) {
        this.operations = operations;
        this.schemas = schemas;
        this.resources = ListResourcesResult.builder(resources(schemas)).build();
        this.templates = ListResourceTemplatesResult.builder(templates()).build();
    }

    /** Those that have an address of their own. */
    static List<Resource> resources(SchemaFiles schemas) {
        List<Resource> all = new ArrayList<>();
        all.add(resource(
                StateUri.STATUS, "status", "Status of the fleet", "As the tool system_status, detailed.", JSON));
        all.add(resource(
                StateUri.PROGRESS,
                "stroke-progress",
                "Stroke progress",
                "How far the session in hand has come; found=false if there is none.",
                JSON));
        for (SchemaFile schema : schemas.all()) {
            all.add(resource(
                    StateUri.SCHEMA + schema.path(),
                    schema.folder() + "/" + schema.name(),
                    schema.title(),
                    schema.description(),
                    JSON_SCHEMA));
        }
        return all;
    }

    /** Those of each node. */
    static List<ResourceTemplate> templates() {
        return StateUri.OF_NODE.keySet().stream()
                .sorted()
                .map(StateResources::template)
                .toList();
    }

    private static Resource resource(String uri, String name, String title, String description, String type) {
        return Resource.builder(uri, name)
                .title(title)
                .description(description)
                .mimeType(type)
                .build();
    }

    private static ResourceTemplate template(String uri) {
        boolean health = StateUri.OF_NODE.get(uri) == Keys.NODE_HEALTH;
        return ResourceTemplate.builder(uri, health ? "node-health" : "robot-state")
                .title(health ? "Health of a node" : "State of a robot")
                .description(
                        health
                                ? "Load and reachability of one node, such as hog; found=false once its heartbeat has expired."
                                : "Joints, pose and connections of the robot of one node, such as hog; found=false if it has none.")
                .mimeType(JSON)
                .build();
    }

    ListResourcesResult list(Params params) {
        params.requireNoCursor();
        return resources;
    }

    ListResourceTemplatesResult templates(Params params) {
        params.requireNoCursor();
        return templates;
    }

    /**
     * Whether there is such a resource. A node's is there as long as the node is known.
     *
     * @throws McpError if there is none
     */
    String require(String uri) {
        boolean known = uri.equals(StateUri.STATUS)
                || uri.equals(StateUri.PROGRESS)
                || schema(uri).isPresent()
                || StateUri.document(uri)
                        .filter(key -> nodes().contains(key.id()))
                        .isPresent();
        if (!known) {
            throw McpError.RESOURCE_NOT_FOUND.apply(uri);
        }
        return uri;
    }

    ReadResourceResult read(Params params) {
        String uri = require(params.text("uri"));
        Optional<SchemaFile> schema = schema(uri);
        String text = schema.isPresent() ? schema.get().text() : state(uri);
        return ReadResourceResult.builder(List.of(TextResourceContents.builder(uri, text)
                        .mimeType(schema.isPresent() ? JSON_SCHEMA : JSON)
                        .build()))
                .build();
    }

    private Optional<SchemaFile> schema(String uri) {
        return uri.startsWith(StateUri.SCHEMA)
                ? schemas.find(uri.substring(StateUri.SCHEMA.length()))
                : Optional.empty();
    }

    private String state(String uri) {
        if (uri.equals(StateUri.STATUS)) {
            return StateJson.text(operations.systemStatus());
        }
        Optional<Key<?>> key = StateUri.document(uri);
        try {
            return StateJson.text(operations.getState(key.map(Key::name).orElse("stroke:progress")));
        } catch (OperationException e) {
            throw Failures.of(e);
        }
    }

    /** Names of nodes that begin as the client has begun. */
    CompleteResult complete(Params params) {
        Params reference = params.object("ref");
        Params argument = params.object("argument");
        String name = argument.text("name");
        String begun = argument.text("value");
        String type = reference.text("type");
        if (!type.equals("ref/resource")) {
            return completions(List.of());
        }
        if (!StateUri.OF_NODE.containsKey(reference.text("uri"))) {
            throw McpError.RESOURCE_NOT_FOUND.apply(reference.text("uri"));
        }
        if (!name.equals(StateUri.NODE_ID)) {
            throw Params.invalid("the template has no such argument; it has " + StateUri.NODE_ID);
        }
        return completions(
                nodes().stream().filter(node -> node.startsWith(begun)).toList());
    }

    static CompleteResult completions(List<String> values) {
        return new CompleteResult(new CompleteCompletion(
                values.stream().limit(MOST_COMPLETIONS).toList(), values.size(), values.size() > MOST_COMPLETIONS));
    }

    private List<String> nodes() {
        return operations.systemStatus().nodes().stream().map(node -> node.id()).toList();
    }
}
