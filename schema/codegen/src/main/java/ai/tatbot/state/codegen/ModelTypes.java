package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes model.d.ts: an interface for each model and event, as they are on the wire, where a field that is not required may be absent
 * or, if it may be, null; and tables of them, by the names of keys and channels.
 */
final class ModelTypes {
    /** Names that this file has besides those of the schema. */
    private static final Set<String> OWN =
            Set.of("Time", "Documents", "DocumentKind", "ChannelEvents", "ChannelKind", "KnownEvent", "StateEvent");

    private final SchemaFolder schemas;

    ModelTypes(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String text() {
        StringBuilder out = new StringBuilder(GenerateTypeScript.HEAD);
        out.append(
                        TsDoc.comment(
                                "",
                                "Instant in ISO-8601, UTC, with microseconds. Without an offset, as older nodes write it, it is UTC, too."))
                .append("export type Time = string;\n");
        for (FlatSchema schema : schemas.documentsAndEvents()) {
            if (OWN.contains(schema.className())) {
                throw new IllegalStateException(schema.name() + ": its name is taken in TypeScript");
            }
            out.append('\n').append(type(schema));
        }
        return out.append('\n')
                .append(documents())
                .append('\n')
                .append(events())
                .toString();
    }

    private static String type(FlatSchema schema) {
        StringBuilder out = new StringBuilder(TsDoc.comment(
                "",
                schema.node().path("title").asText() + ".",
                schema.node().path("description").asText()));
        out.append("export interface ").append(schema.className()).append(" {\n");
        for (Map.Entry<String, JsonNode> property : schema.properties()) {
            String name = property.getKey();
            JsonNode field = property.getValue();
            boolean required = schema.required().contains(name);
            out.append(TsDoc.field("    ", field))
                    .append("    ")
                    .append(name)
                    .append(required ? ": " : "?: ")
                    .append(type(field))
                    .append(";\n");
        }
        return out.append("}\n").toString();
    }

    /** Type of a field. */
    static String type(JsonNode field) {
        if (field.has("const")) {
            return literal(field.get("const").asText());
        }
        boolean nullable = field.path("type").isArray();
        String json = nullable
                ? field.path("type").path(0).asText()
                : field.path("type").asText();
        return switch (json) {
                    case "integer", "number" -> "number";
                    case "boolean" -> "boolean";
                    case "array" -> field.path("items").path("type").asText() + "[]";
                    case "object" -> "Record<string, unknown>";
                    case "string" -> texts(field);
                    default -> throw new IllegalStateException("no type in TypeScript for " + json);
                }
                + (nullable ? " | null" : "");
    }

    private static String texts(JsonNode field) {
        if (field.has("enum")) {
            return String.join(
                    " | ",
                    field.get("enum")
                            .valueStream()
                            .filter(JsonNode::isTextual)
                            .map(value -> literal(value.asText()))
                            .toList());
        }
        return field.path("format").asText().equals("utc-time") ? "Time" : "string";
    }

    private String documents() {
        StringBuilder out = new StringBuilder(
                        TsDoc.comment("", "Every document, by the name of the key that holds it."))
                .append("export interface Documents {\n");
        for (ObjectNode key : schemas.keys()) {
            if (key.has("document")) {
                out.append(TsDoc.comment("    ", key.path("description").asText()))
                        .append("    ")
                        .append(key.path("name").asText())
                        .append(": ")
                        .append(schemas.referenced(key.path("document").path("schema"))
                                .className())
                        .append(";\n");
            }
        }
        return out.append("}\n\n")
                .append(TsDoc.comment("", "Which model a document is of."))
                .append("export type DocumentKind = keyof Documents;\n")
                .toString();
    }

    private String events() {
        StringBuilder out = new StringBuilder(
                        TsDoc.comment("", "The events of each channel, by its name in the schema."))
                .append("export interface ChannelEvents {\n");
        List<String> known = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (ObjectNode channel : schemas.channels()) {
            List<String> types = new ArrayList<>();
            for (JsonNode message : channel.required("messages")) {
                FlatSchema event = schemas.referenced(message.required("payload"));
                types.add(event.className());
                (event.constantType() == null ? open : known).add(event.className());
            }
            out.append(TsDoc.comment("    ", channel.path("description").asText()))
                    .append("    ")
                    .append(channel.path("name").asText())
                    .append(": ")
                    .append(String.join(" | ", types))
                    .append(";\n");
        }
        out.append("}\n\n")
                .append(TsDoc.comment("", "Name of a channel in the schema."))
                .append("export type ChannelKind = keyof ChannelEvents;\n\n")
                .append(TsDoc.comment("", "An event whose type the schema knows."))
                .append("export type KnownEvent =\n    | ")
                .append(String.join("\n    | ", known))
                .append(";\n\n");
        open.add(0, "KnownEvent");
        return out.append(TsDoc.comment("", "Any event. A reader passes over what it does not know."))
                .append("export type StateEvent = ")
                .append(String.join(" | ", open))
                .append(";\n")
                .toString();
    }

    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }
}
