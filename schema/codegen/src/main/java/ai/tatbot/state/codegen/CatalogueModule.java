package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes catalogue.js: what a program may want to know of keys, channels and fields while it runs, and functions that make names. */
final class CatalogueModule {
    private static final List<String> BOUNDS =
            List.of("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default");

    private final SchemaFolder schemas;

    CatalogueModule(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String text(String version) throws IOException {
        return GenerateTypeScript.HEAD
                + "import { fill, parse } from './names.js';\n\n"
                + typed("version") + "export const version = " + ModelTypes.literal(version) + ";\n\n"
                + table("keyKinds", keys())
                + table("channelKinds", channels())
                + table("models", models())
                + names("keys", "keyKinds", schemas.keys())
                + names("channels", "channelKinds", schemas.channels())
                + typed("parseKey") + "export const parseKey = (name) => parse(keyKinds, name);\n\n"
                + typed("parseChannel") + "export const parseChannel = (name) => parse(channelKinds, name);\n";
    }

    private static String table(String name, ObjectNode content) {
        return typed(name) + "export const " + name + " = "
                + JsonText.pretty(content).stripTrailing() + ";\n\n";
    }

    private ObjectNode keys() throws IOException {
        ObjectNode table = JsonText.object();
        for (ObjectNode key : schemas.keys()) {
            ObjectNode entry = table.putObject(name(key));
            JsonText.copy(key, entry, List.of("name", "title", "description", "template"));
            entry.set("parameters", KeyCatalogue.parameters(key, schemas));
            if (key.has("document")) {
                entry.putObject("document")
                        .<ObjectNode>set("field", key.get("document").get("field"))
                        .put(
                                "model",
                                schemas.referenced(key.get("document").get("schema"))
                                        .className());
            }
            JsonText.copy(key, entry, List.of("redis_type", "ttl_seconds", "max_length", "index", "channel"));
        }
        return table;
    }

    private ObjectNode channels() throws IOException {
        ObjectNode table = JsonText.object();
        for (ObjectNode channel : schemas.channels()) {
            ObjectNode entry = table.putObject(name(channel));
            JsonText.copy(channel, entry, List.of("name", "title", "description", "template"));
            entry.set("parameters", KeyCatalogue.parameters(channel, schemas));
            ArrayNode messages = entry.putArray("messages");
            for (JsonNode message : channel.required("messages")) {
                FlatSchema event = schemas.referenced(message.required("payload"));
                messages.addObject()
                        .put("type", event.constantType())
                        .<ObjectNode>set("class", message.get("class"))
                        .put("event", event.className());
            }
        }
        return table;
    }

    private ObjectNode models() {
        ObjectNode table = JsonText.object();
        for (ObjectNode key : schemas.keys()) {
            if (key.has("document")) {
                FlatSchema model = schemas.referenced(key.get("document").required("schema"));
                ObjectNode entry = table.putObject(name(key));
                JsonText.copy(model.node(), entry, List.of("title", "description"));
                ObjectNode fields = entry.putObject("fields");
                for (Map.Entry<String, JsonNode> field : model.properties()) {
                    fields.set(
                            field.getKey(),
                            field(field.getValue(), model.required().contains(field.getKey())));
                }
            }
        }
        return table;
    }

    private static ObjectNode field(JsonNode schema, boolean required) {
        ObjectNode field = JsonText.object();
        JsonText.copy(schema, field, List.of("title", "description"));
        boolean nullable = schema.path("type").isArray();
        String type = nullable
                ? schema.path("type").path(0).asText()
                : schema.path("type").asText();
        field.put("type", schema.path("format").asText().equals("utc-time") ? "time" : type);
        field.put("required", required).put("nullable", nullable);
        if (schema.has("x-unit")) {
            field.set("unit", schema.get("x-unit"));
        }
        if (schema.has("enum")) {
            ArrayNode values = field.putArray("enum");
            schema.get("enum").valueStream().filter(JsonNode::isTextual).forEach(values::add);
        }
        JsonText.copy(schema, field, BOUNDS);
        return field;
    }

    private static String names(String table, String kinds, List<ObjectNode> files) {
        StringBuilder out = new StringBuilder(typed(table))
                .append("export const ")
                .append(table)
                .append(" = {\n");
        for (ObjectNode file : files) {
            out.append("    ").append(Names.camel(name(file))).append(": ");
            JsonNode parameters = file.required("parameters");
            if (parameters.isEmpty()) {
                out.append(ModelTypes.literal(file.required("template").asText()));
            } else {
                String arguments = String.join(
                        ", ",
                        parameters
                                .propertyStream()
                                .map(parameter -> Names.camel(parameter.getKey()))
                                .toList());
                out.append("(%s) => fill(%s.%s, [%s])".formatted(arguments, kinds, name(file), arguments));
            }
            out.append(",\n");
        }
        return out.append("};\n\n").toString();
    }

    /** Holds what follows to the types that are told to others. */
    private static String typed(String export) {
        return "/** @type {typeof import('./catalogue.js').%s} */\n".formatted(export);
    }

    private static String name(JsonNode file) {
        return file.required("name").asText();
    }
}
