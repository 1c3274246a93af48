package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The catalogue of keys: what the key files say, in one document that refers to nothing outside itself; see meta/catalogue.json. */
final class KeyCatalogue {
    private static final List<String> AS_WRITTEN = List.of(
            "redis_type",
            "fields",
            "ttl_seconds",
            "ttl_renewed_by",
            "max_length",
            "index",
            "channel",
            "writers",
            "readers",
            "notes");

    private final SchemaFolder schemas;

    KeyCatalogue(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    ObjectNode document(String version) throws IOException {
        ObjectNode document = JsonText.object();
        document.put("$schema", SchemaFolder.base() + "meta/catalogue.json");
        document.put("version", version);
        ArrayNode keys = document.putArray("keys");
        for (ObjectNode key : schemas.keys()) {
            keys.add(key(key));
        }
        return document;
    }

    private ObjectNode key(ObjectNode key) throws IOException {
        ObjectNode entry = JsonText.object();
        JsonText.copy(key, entry, List.of("name", "title", "description", "template"));
        entry.set("parameters", parameters(key, schemas));
        JsonNode document = key.get("document");
        if (document != null) {
            JsonNode ref = document.required("schema");
            FlatSchema model = schemas.referenced(ref);
            ObjectNode of = entry.putObject("document");
            of.set("field", document.required("field"));
            of.put("model", model.className());
            of.put("id", SchemaFolder.base() + "models/" + model.name() + ".json");
            of.set("schema", standalone(model));
        }
        JsonText.copy(key, entry, AS_WRITTEN);
        return entry;
    }

    /** What stands for each parameter of a template. */
    static ObjectNode parameters(JsonNode file, SchemaFolder schemas) throws IOException {
        ObjectNode parameters = JsonText.object();
        for (Map.Entry<String, JsonNode> parameter : file.required("parameters").properties()) {
            JsonText.copy(
                    schemas.parameterType(parameter.getValue()),
                    parameters.putObject(parameter.getKey()),
                    List.of("title", "description", "pattern"));
        }
        return parameters;
    }

    /** A model or event with all its fields, and without references. */
    static ObjectNode standalone(FlatSchema schema) {
        ObjectNode node = schema.node().deepCopy();
        ArrayNode required = node.putArray("required");
        schema.required().forEach(required::add);
        return node;
    }
}
