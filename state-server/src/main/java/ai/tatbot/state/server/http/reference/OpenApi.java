package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.http.Problem;
import ai.tatbot.state.server.http.events.EventStreamHandler;
import ai.tatbot.state.server.live.FleetStatus;
import ai.tatbot.state.server.schema.SchemaFiles;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the OpenAPI 3.1 document of the server. */
final class OpenApi {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final List<String> STREAM_EVENTS =
            List.of("hello", "status", "change", "node", "ready", "transition", "lost", "problem", "goodbye");

    /** What the guard may answer to anything. */
    private static final List<Integer> ALWAYS = List.of(400, 403, 429, 503);

    private static final String ABOUT =
            "State of the Tatbot fleet: what its robots, sessions and nodes are doing, and what happens"
                    + " to them. JSON in UTF-8; times are ISO-8601 in UTC; errors are RFC 9457 problem details, whose code is for"
                    + " programs.\n\nA server that was started with tokens wants one with each request; one on loopback without tokens"
                    + " lets whoever reaches it read and publish. Readers should pass over fields that they do not know.";

    private OpenApi() {}

    /** The document, in UTF-8. */
    static byte[] document() {
        return JSON.writeValueAsBytes(tree(SchemaFiles.packaged(), OperationTable.all()));
    }

    static ObjectNode tree(SchemaFiles files, List<Operation> operations) {
        ObjectNode document = JSON.createObjectNode();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "Tatbot state server");
        info.put("summary", "State of a tattooing robot and its nodes, live.");
        info.put("description", ABOUT);
        info.put("version", FleetStatus.Server.version());
        info.putObject("license").put("name", "MIT").put("identifier", "MIT");
        document.putArray("servers").addObject().put("url", "/").put("description", "This server.");
        ArrayNode tags = document.putArray("tags");
        Set<String> used = new LinkedHashSet<>();
        operations.forEach(operation -> used.add(operation.tag));
        used.forEach(tag -> tags.addObject().put("name", tag));
        ObjectNode paths = document.putObject("paths");
        operations.forEach(
                operation -> paths.withObjectProperty(operation.path).set(operation.method, operation(operation)));
        ObjectNode components = document.putObject("components");
        components.set("schemas", new Components(files).tree());
        components.set("responses", problems(operations));
        components.set("securitySchemes", security());
        return document;
    }

    private static ObjectNode operation(Operation operation) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("operationId", operation.id);
        tree.putArray("tags").add(operation.tag);
        tree.put("summary", operation.summary);
        tree.put("description", operation.description);
        if (!operation.parameters.isEmpty()) {
            ArrayNode parameters = tree.putArray("parameters");
            operation.parameters.forEach(parameter -> parameters.add(parameter(parameter)));
        }
        if (operation.body != null) {
            ObjectNode body = tree.putObject("requestBody").put("required", true);
            body.putObject("content").set(Operation.JSON, content(operation.body));
        }
        tree.set("responses", responses(operation));
        tree.set("security", security(operation));
        return tree;
    }

    private static ObjectNode parameter(Operation.Parameter parameter) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("name", parameter.name());
        tree.put("in", parameter.place());
        tree.put("required", parameter.required());
        tree.put("description", parameter.description());
        ObjectNode schema = (ObjectNode) JSON.readTree(parameter.schema());
        tree.set("schema", schema);
        if (schema.path("type").asString("").equals("array")) {
            tree.put("style", "form").put("explode", false);
            if (!parameter.example().isEmpty()) {
                tree.putArray("example").add(parameter.example());
            }
        } else if (!parameter.example().isEmpty()) {
            tree.put("example", parameter.example());
        }
        return tree;
    }

    private static ObjectNode responses(Operation operation) {
        ObjectNode responses = JSON.createObjectNode();
        operation.answers.forEach((status, answer) -> {
            ObjectNode response =
                    responses.putObject(Integer.toString(status)).put("description", answer.description());
            if (!answer.types().isEmpty()) {
                ObjectNode content = response.putObject("content");
                answer.types().forEach(type -> content.set(type, media(operation, type, answer.component())));
            }
        });
        failures(operation)
                .forEach(status -> responses
                        .putObject(Integer.toString(status))
                        .put("$ref", "#/components/responses/" + problemName(status)));
        if (operation.isRemoteCall) {
            ObjectNode content = responses
                    .putObject("default")
                    .put("description", "An error of JSON-RPC; or of the guard, which does not look into messages.")
                    .putObject("content");
            content.set(Operation.JSON, content("JsonRpcMessage"));
            content.set(Problem.CONTENT_TYPE, content("Problem"));
        }
        return responses;
    }

    private static ObjectNode media(Operation operation, String type, @Nullable String component) {
        boolean isStream = type.equals(EVENT_STREAM);
        ObjectNode media = content(isStream ? null : component);
        if (component == null || isStream) {
            media.putObject("schema").put("type", isJson(type) ? "object" : "string");
        }
        if (isStream && operation.path.equals(EventStreamHandler.PATH)) {
            ObjectNode events = media.putObject("x-events");
            STREAM_EVENTS.forEach(event -> events.putObject(event).put("$ref", SCHEMAS + "Stream" + capital(event)));
        }
        return media;
    }

    private static boolean isJson(String type) {
        return type.endsWith("json");
    }

    private static Set<Integer> failures(Operation operation) {
        Set<Integer> failures = new TreeSet<>();
        if (!operation.isRemoteCall) {
            failures.addAll(operation.failures);
            failures.addAll(ALWAYS);
        }
        if (operation.scope != null) {
            failures.add(401);
        }
        return failures;
    }

    private static ObjectNode content(@Nullable String component) {
        ObjectNode media = JSON.createObjectNode();
        if (component != null) {
            media.putObject("schema").put("$ref", SCHEMAS + component);
        }
        return media;
    }

    private static ObjectNode problems(List<Operation> operations) {
        ObjectNode problems = JSON.createObjectNode();
        Set<Integer> statuses = new TreeSet<>();
        operations.forEach(operation -> statuses.addAll(failures(operation)));
        for (int status : statuses) {
            ObjectNode problem = problems.putObject(problemName(status));
            problem.put("description", title(status) + ".");
            if (status == 401) {
                header(problem, "WWW-Authenticate", "How to authenticate.", "string");
            } else if (status == 429) {
                header(problem, "Retry-After", "Seconds after which there may be more.", "integer");
            }
            problem.putObject("content").set(Problem.CONTENT_TYPE, content("Problem"));
        }
        return problems;
    }

    private static void header(ObjectNode response, String name, String description, String type) {
        ObjectNode header = response.putObject("headers").putObject(name).put("description", description);
        header.putObject("schema").put("type", type);
    }

    private static String problemName(int status) {
        return title(status).replaceAll("[^A-Za-z]", "");
    }

    private static String title(int status) {
        return HttpStatus.getMessage(status);
    }

    private static ObjectNode security() {
        ObjectNode schemes = JSON.createObjectNode();
        schemes.putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A token, as tatbot-state token new prints it: Authorization: Bearer tat_...");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "cookie")
                .put("name", "tatbot_session")
                .put("description", "The cookie of a page that has logged in by POST /login.");
        return schemes;
    }

    private static ArrayNode security(Operation operation) {
        ArrayNode security = JSON.createArrayNode();
        if (operation.scope != null) {
            String scope = operation.scope.text();
            security.addObject().putArray("token").add(scope);
            security.addObject().putArray("session").add(scope);
        }
        return security;
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
