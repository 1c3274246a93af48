package ai.tatbot.state.server.languages;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a model or event, with its bases and references resolved; read from the schema by itself, so that it shares no mistake
 * with what is generated.
 *
 * @param path such as {@code models/robot-state}
 */
record Fields(String path, Map<String, JsonNode> schemas, Set<String> required) {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path FOLDER = Path.of("..", "schema");

    static Fields of(String path) {
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        Set<String> required = new TreeSet<>();
        collect(FOLDER.resolve(path + ".json"), schemas, required);
        return new Fields(path, schemas, required);
    }

    private static void collect(Path file, Map<String, JsonNode> schemas, Set<String> required) {
        JsonNode schema = JSON.readTree(file.toFile());
        for (JsonNode base : schema.path("allOf")) {
            collect(file.resolveSibling(base.path("$ref").asString()).normalize(), schemas, required);
        }
        // An event that carries a model may have other names for its fields.
        schema.path("x-rename").forEachEntry((name, other) -> {
            JsonNode carried = schemas.remove(name);
            if (carried != null) {
                schemas.put(other.asString(), carried);
            }
        });
        schema.path("properties").forEachEntry((name, field) -> {
            ObjectNode merged = (ObjectNode) resolve(file, field);
            if (schemas.get(name) instanceof ObjectNode before) {
                merged = before.deepCopy().setAll(merged);
            }
            schemas.put(name, merged);
        });
        schema.path("required").forEach(name -> required.add(name.asString()));
    }

    /** With what it refers to merged in; what it says itself counts. */
    private static JsonNode resolve(Path file, JsonNode field) {
        if (!field.has("$ref")) {
            return field.deepCopy();
        }
        String[] reference = field.path("$ref").asString().split("#", 2);
        Path other = reference[0].isEmpty()
                ? file
                : file.resolveSibling(reference[0]).normalize();
        JsonNode target = JSON.readTree(other.toFile());
        if (reference.length == 2) {
            target = target.at(reference[1]);
        }
        ObjectNode merged = (ObjectNode) resolve(other, target);
        merged.setAll((ObjectNode) field.deepCopy());
        return merged;
    }

    boolean isType(String field, String type) {
        JsonNode types = schemas.getOrDefault(field, JSON.nullNode()).path("type");
        return types.isString()
                ? types.asString().equals(type)
                : types.valueStream().anyMatch(one -> one.asString().equals(type));
    }
}
