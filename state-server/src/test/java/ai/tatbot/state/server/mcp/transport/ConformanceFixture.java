package ai.tatbot.state.server.mcp.transport;

import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** The tools, resources and prompts that the conformance suite expects of a server under test, on the SDK's server. */
final class ConformanceFixture {
    private static final String IMAGE =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private static final String AUDIO = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
    private static final Map<String, Object> NO_ARGUMENTS = Map.of("type", "object", "additionalProperties", false);
    private static final Duration STEP = Duration.ofMillis(50);

    private ConformanceFixture() {}

    private interface Handler extends BiFunction<McpAsyncServerExchange, CallToolRequest, Mono<CallToolResult>> {}

    /** Serves it over this transport. */
    static McpAsyncServer serve(StreamableHttp transport, Duration reconnection) {
        return McpServer.async(transport)
                .serverInfo("conformance-fixture", "1")
                .capabilities(ServerCapabilities.builder()
                        .tools(true)
                        .resources(true, true)
                        .prompts(true)
                        .logging()
                        .completions()
                        .build())
                .tools(tools(reconnection))
                .resources(
                        resource(
                                "test://static-text",
                                textOf(
                                        "test://static-text",
                                        "text/plain",
                                        "This is the content of the static text resource.")),
                        resource(
                                "test://static-binary",
                                BlobResourceContents.builder("test://static-binary", IMAGE)
                                        .mimeType("image/png")
                                        .build()),
                        resource(
                                "test://watched-resource",
                                textOf("test://watched-resource", "text/plain", "Watched resource content")))
                .resourceTemplates(template())
                .prompts(prompts())
                .completions(new AsyncCompletionSpecification(
                        new PromptReference("test_prompt_with_arguments"),
                        (exchange, request) -> Mono.just(
                                new CompleteResult(new CompleteResult.CompleteCompletion(List.of("paris"), 1, false)))))
                .build();
    }

    private static List<AsyncToolSpecification> tools(Duration reconnection) {
        List<AsyncToolSpecification> tools = new ArrayList<>();
        tools.add(tool("test_simple_text", (exchange, call) -> text("This is a simple text response for testing.")));
        tools.add(tool("test_image_content", (exchange, call) -> content(image())));
        tools.add(tool(
                "test_audio_content",
                (exchange, call) ->
                        content(AudioContent.builder(AUDIO, "audio/wav").build())));
        tools.add(tool("test_embedded_resource", (exchange, call) -> content(embedded("test://embedded-resource"))));
        tools.add(tool(
                "test_multiple_content_types",
                (exchange, call) -> content(
                        say("Multiple content types test:"), image(), embedded("test://mixed-content-resource"))));
        tools.add(tool(
                "test_tool_with_logging",
                (exchange, call) -> log(exchange, "Tool execution started")
                        .then(Mono.delay(STEP))
                        .then(log(exchange, "Tool processing data"))
                        .then(Mono.delay(STEP))
                        .then(log(exchange, "Tool execution completed"))
                        .then(text("done"))));
        tools.add(tool(
                "test_tool_with_progress",
                (exchange, call) -> progress(exchange, call, 0)
                        .then(Mono.delay(STEP))
                        .then(progress(exchange, call, 50))
                        .then(Mono.delay(STEP))
                        .then(progress(exchange, call, 100))
                        .then(text("done"))));
        tools.add(tool(
                "test_error_handling",
                (exchange, call) -> Mono.just(
                        CallToolResult.builder(List.of(say("This tool intentionally returns an error for testing")))
                                .isError(true)
                                .build())));
        // The first message makes the answer a stream, which the transport then ends before the result is there.
        tools.add(tool(
                "test_reconnection",
                (exchange, call) -> log(exchange, "waiting")
                        .then(Mono.delay(reconnection))
                        .then(text("Reconnection test completed successfully."))));
        tools.add(tool(
                "test_sampling",
                (exchange, call) -> exchange.createMessage(CreateMessageRequest.builder(
                                        List.of(new SamplingMessage(Role.USER, say(argument(call, "prompt")))), 100)
                                .build())
                        .flatMap(answer -> text("LLM response: " + answer.content()))));
        tools.add(tool(
                "test_elicitation",
                (exchange, call) -> elicit(exchange, argument(call, "message"), ConformanceSchemas.ELICITATION)));
        tools.add(tool(
                "test_elicitation_sep1034_defaults",
                (exchange, call) -> elicit(exchange, "Please review", ConformanceSchemas.DEFAULTS)));
        tools.add(tool(
                "test_elicitation_sep1330_enums",
                (exchange, call) -> elicit(exchange, "Please select", ConformanceSchemas.ENUMS)));
        tools.add(tool(
                "json_schema_2020_12_tool",
                ConformanceSchemas.JSON_SCHEMA_2020_12,
                (exchange, call) -> text("called with " + call.arguments())));
        return tools;
    }

    private static AsyncToolSpecification tool(String name, Handler handler) {
        Map<String, Object> schema = switch (name) {
            case "test_sampling" -> ConformanceSchemas.oneText("prompt");
            case "test_elicitation" -> ConformanceSchemas.oneText("message");
            default -> NO_ARGUMENTS;
        };
        return tool(name, schema, handler);
    }

    private static AsyncToolSpecification tool(String name, Map<String, Object> schema, Handler handler) {
        return AsyncToolSpecification.builder()
                .tool(Tool.builder(name, schema).description("Tests " + name).build())
                .callHandler(handler)
                .build();
    }

    private static String argument(CallToolRequest call, String name) {
        return String.valueOf(call.arguments().get(name));
    }

    private static Mono<CallToolResult> text(String text) {
        return content(say(text));
    }

    private static Mono<CallToolResult> content(Content... content) {
        return Mono.just(CallToolResult.builder(List.of(content)).build());
    }

    private static TextContent say(String text) {
        return TextContent.builder(text).build();
    }

    private static TextResourceContents textOf(String uri, String type, String text) {
        return TextResourceContents.builder(uri, text).mimeType(type).build();
    }

    private static ImageContent image() {
        return ImageContent.builder(IMAGE, "image/png").build();
    }

    private static EmbeddedResource embedded(String uri) {
        return EmbeddedResource.builder(textOf(uri, "text/plain", "This is an embedded resource content."))
                .build();
    }

    private static Mono<Void> log(McpAsyncServerExchange exchange, String text) {
        return exchange.loggingNotification(LoggingMessageNotification.builder(LoggingLevel.INFO, text)
                .logger("fixture")
                .build());
    }

    private static Mono<Void> progress(McpAsyncServerExchange exchange, CallToolRequest call, double progress) {
        return Mono.justOrEmpty(call.progressToken())
                .flatMap(token -> exchange.progressNotification(ProgressNotification.builder(token, progress)
                        .total(100.0)
                        .build()));
    }

    private static Mono<CallToolResult> elicit(
            McpAsyncServerExchange exchange, String message, Map<String, Object> schema) {
        return exchange.createElicitation(
                        ElicitFormRequest.builder(message, schema).build())
                .flatMap(answer ->
                        text("Elicitation completed: action=" + answer.action() + ", content=" + answer.content()));
    }

    private static AsyncResourceSpecification resource(String uri, ResourceContents contents) {
        return new AsyncResourceSpecification(
                Resource.builder(uri, uri.substring("test://".length()))
                        .description("Tests " + uri)
                        .mimeType(contents.mimeType())
                        .build(),
                (exchange, request) ->
                        Mono.just(ReadResourceResult.builder(List.of(contents)).build()));
    }

    private static AsyncResourceTemplateSpecification template() {
        return new AsyncResourceTemplateSpecification(
                ResourceTemplate.builder("test://template/{id}/data", "template")
                        .description("Tests templates")
                        .mimeType("application/json")
                        .build(),
                (exchange, request) -> {
                    String id = request.uri().split("/", -1)[3];
                    return Mono.just(ReadResourceResult.builder(List.of(textOf(
                                    request.uri(),
                                    "application/json",
                                    "{\"id\":\"" + id + "\",\"templateTest\":true,\"data\":\"Data for ID: " + id
                                            + "\"}")))
                            .build());
                });
    }

    private static List<AsyncPromptSpecification> prompts() {
        return List.of(
                prompt(
                        "test_simple_prompt",
                        List.of(),
                        request -> List.of(say("This is a simple prompt for testing."))),
                prompt(
                        "test_prompt_with_arguments",
                        List.of("arg1", "arg2"),
                        request -> List.of(say("Prompt with arguments: arg1='"
                                + request.arguments().get("arg1") + "', arg2='"
                                + request.arguments().get("arg2") + "'"))),
                prompt(
                        "test_prompt_with_embedded_resource",
                        List.of("resourceUri"),
                        request -> List.of(
                                embedded(String.valueOf(request.arguments().get("resourceUri"))),
                                say("Please process the embedded resource above."))),
                prompt(
                        "test_prompt_with_image",
                        List.of(),
                        request -> List.of(image(), say("Please analyze the image above."))));
    }

    private static AsyncPromptSpecification prompt(
            String name,
            List<String> arguments,
            java.util.function.Function<GetPromptRequest, List<Content>> contents) {
        List<PromptArgument> declared = arguments.stream()
                .map(argument -> PromptArgument.builder(argument)
                        .description("Tests " + argument)
                        .required(true)
                        .build())
                .toList();
        return new AsyncPromptSpecification(
                Prompt.builder(name)
                        .description("Tests " + name)
                        .arguments(declared)
                        .build(),
                (exchange, request) -> Mono.just(GetPromptResult.builder(contents.apply(request).stream()
                                .map(content -> new PromptMessage(Role.USER, content))
                                .toList())
                        .build()));
    }
}
