package ai.tatbot.state.server.http.reference;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an OpenAPI document says that may be answered, as a check. Stricter than the document: a field that it does not name is an
 * error, too.
 */
public final class DocumentedAnswers {
    private static final String BASE = "https://tatbot.ai/openapi.json";
    private static final List<String> OURS = List.of("x-unit", "x-rename", "externalDocs", "components");
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode document;
    private final Map<String, Schema> schemas = new HashMap<>();
    private final SchemaRegistry registry;

    private DocumentedAnswers(ObjectNode document) {
        this.document = document;
        Dialect.Builder dialect = Dialect.builder(Dialects.getDraft202012());
        OURS.forEach(keyword -> dialect.keyword(new AnnotationKeyword(keyword)));
        this.registry = SchemaRegistry.withDialect(dialect.build());
    }

    /** Of a document that a server has sent. */
    public static DocumentedAnswers of(String document) {
        ObjectNode tree = (ObjectNode) JSON.readTree(document);
        Components.answers().propertyNames().forEach(name -> close(tree.at("/components/schemas/" + name)));
        return new DocumentedAnswers(tree);
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }

    /** Every operation, such as {@code GET /api/v1/status}. */
    public List<String> operations() {
        return document.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(method -> method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .toList();
    }

    /**
     * What is wrong with an answer.
     *
     * @param operation such as {@code GET /api/v1/status}
     * @param contentType as the answer has it
     */
    public List<String> errors(String operation, int status, String contentType, String body) {
        String[] parts = operation.split(" ", 2);
        JsonNode described = document.get("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
        JsonNode response = resolved(described.path("responses").path(Integer.toString(status)));
        if (response.isMissingNode()) {
            return List.of(operation + " does not say that it may answer " + status + ": " + body);
        }
        if (!response.has("content")) {
            return body.isEmpty() ? List.of() : List.of(operation + " does not say that " + status + " has content");
        }
        String type = contentType.replaceFirst(";.*", "");
        JsonNode media = response.get("content").path(type);
        if (media.isMissingNode()) {
            return List.of(operation + " does not say that " + status + " may be " + type);
        }
        return type.endsWith("json") && media.get("schema").has("$ref")
                ? errors(media.get("schema").get("$ref").asString(), JSON.readTree(body))
                : List.of();
    }

    /** What is wrong with an event of the stream. */
    public List<String> streamErrors(String event, JsonNode data) {
        JsonNode ref = document.at("/paths/~1api~1v1~1events/get/responses/200/content/text~1event-stream/x-events")
                .path(event)
                .path("$ref");
        return ref.isMissingNode()
                ? List.of("the stream does not say that it has " + event)
                : errors(ref.asString(), data);
    }

    private List<String> errors(String ref, JsonNode value) {
        Schema schema = schemas.computeIfAbsent(ref, this::schema);
        return schema.validate(value).stream()
                .map(Error::toString)
                .map(error -> ref + ": " + error + " in " + value)
                .toList();
    }

    private Schema schema(String ref) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$ref", ref);
        schema.set("components", document.get("components"));
        return registry.getSchema(SchemaLocation.of(BASE + "?" + ref.substring(ref.lastIndexOf('/') + 1)), schema);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }
}
