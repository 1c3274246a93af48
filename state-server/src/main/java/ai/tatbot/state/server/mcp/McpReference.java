package ai.tatbot.state.server.mcp;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.schema.SchemaFiles;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What language models are offered, as a page. */
public final class McpReference {
    private McpReference() {}

    /** The page, made of what clients are told. */
    public static ReferencePage page() {
        SchemaFiles files = SchemaFiles.packaged();
        Markdown out = new Markdown()
                .heading(1, "MCP")
                .paragraph(
                        "What a language model is offered over the Model Context Protocol: at `/mcp` of a running server, and over stdio by"
                                + " `tatbot-state mcp`. Each tool answers with one JSON object, which it also describes. What fails has the"
                                + " codes of the [errors](errors.md).");
        for (ToolKind kind : ToolKind.values()) {
            tool(out, kind, StateTool.definition(files, kind), StateTool.inputs(files, kind));
        }
        out.heading(2, "Resources").columns("Address", "Title", "What");
        for (Resource resource : StateResources.resources(files)) {
            // One for each file of the schema; the template below says it for all of them.
            if (!resource.uri().startsWith(StateUri.SCHEMA)) {
                out.row(Markdown.code(resource.uri()), resource.title(), resource.description());
            }
        }
        for (ResourceTemplate template : StateResources.templates()) {
            out.row(Markdown.code(template.uriTemplate()), template.title(), template.description());
        }
        out.row(Markdown.code(StateUri.SCHEMA + "{path}"), "Schemas", "Each file of the JSON Schema.");
        Prompt prompt = RobotCheckPrompt.prompt();
        out.heading(2, "Prompts")
                .columns("Name", "Title", "What")
                .row(Markdown.code(prompt.name()), prompt.title(), prompt.description());
        return new ReferencePage("mcp", out.toString());
    }

    private static void tool(Markdown out, ToolKind kind, Tool tool, JsonNode inputs) {
        out.heading(2, Markdown.code(tool.name()))
                .paragraph(tool.description())
                .paragraph("Needs the scope `" + kind.scope().text() + "`"
                        + (kind == ToolKind.SET_STATE
                                ? ", and a server that was started with `--allow-set-state`."
                                : "."));
        if (inputs.path("properties").isEmpty()) {
            out.paragraph("Takes nothing.");
            return;
        }
        Set<String> required =
                inputs.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toUnmodifiableSet());
        out.columns("Argument", "Type", "Values", "Meaning");
        inputs.path("properties")
                .forEachEntry((name, argument) -> out.row(
                        Markdown.code(name),
                        type(argument) + (required.contains(name) ? ", required" : ""),
                        values(argument),
                        argument.path("description").asString("")));
    }

    private static String type(JsonNode argument) {
        JsonNode type = argument.path("type");
        return type.isArray()
                ? type.valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "))
                : type.asString("any");
    }

    private static String values(JsonNode argument) {
        List<String> parts = new ArrayList<>();
        if (argument.has("enum")) {
            parts.add(argument.path("enum")
                    .valueStream()
                    .map(value -> Markdown.code(value.asString()))
                    .collect(Collectors.joining(", ")));
        }
        if (argument.has("minimum")) {
            parts.add(argument.path("minimum") + " to " + argument.path("maximum"));
        }
        if (argument.has("default")) {
            parts.add("default " + Markdown.code(argument.path("default").toString()));
        }
        return String.join("; ", parts);
    }
}
