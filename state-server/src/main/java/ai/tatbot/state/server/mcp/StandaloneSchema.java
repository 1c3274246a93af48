package ai.tatbot.state.server.mcp;

import ai.tatbot.state.server.schema.SchemaFile;
import ai.tatbot.state.server.schema.SchemaFiles;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of a tool's schema one that stands alone and is closed: what it refers to in the schema's files becomes a definition of
 * its own, bases merged in, without keywords that other validators do not know.
 */
final class StandaloneSchema {
    private static final String SHARED = "shared/";
    private static final Set<String> NOT_FOR_OTHERS =
            Set.of("$schema", "$id", "allOf", "x-unit", "x-rename", "x-pattern", "x-enum");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SchemaFiles files;
    private final ObjectNode shared;
    private final ObjectNode definitions = JSON.createObjectNode();

    private StandaloneSchema(SchemaFiles files, ObjectNode shared) {
        this.files = files;
        this.shared = shared;
    }

    /**
     * @param shared definitions that several tools refer to as {@code shared/NAME}
     * @param schema refers to them, and to files by their paths
     */
    static ObjectNode of(SchemaFiles files, ObjectNode shared, ObjectNode schema) {
        StandaloneSchema made = new StandaloneSchema(files, shared);
        ObjectNode result = made.root(schema);
        if (!made.definitions.isEmpty()) {
            result.set("$defs", made.definitions);
        }
        return result;
    }

    /** Clients expect to see an object at the top, not a reference; what stands beside the reference is merged in. */
    private ObjectNode root(ObjectNode schema) {
        if (!schema.has("$ref")) {
            return converted("", schema);
        }
        ObjectNode base = shared.get(schema.get("$ref").stringValue().substring(SHARED.length()))
                .asObject()
                .deepCopy();
        schema.path("properties")
                .properties()
                .forEach(property -> base.withObject("properties").set(property.getKey(), property.getValue()));
        schema.path("required").forEach(name -> base.withArray("required").add(name));
        return converted("", base);
    }

    private ObjectNode converted(String path, ObjectNode from) {
        ObjectNode to = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("$ref")) {
                to.put("$ref", "#/$defs/" + define(path, value.stringValue()));
            } else if (!NOT_FOR_OTHERS.contains(name) && !isOurFormat(name, value)) {
                to.set(name, value(path, value));
            }
        }
        names(from, to);
        if (from.has("properties")) {
            from.path("allOf")
                    .forEach(base -> merge(to, resolve(path, base.get("$ref").stringValue())));
            if (!to.has("additionalProperties")) {
                to.put("additionalProperties", false);
            }
        }
        return to;
    }

    private static boolean isOurFormat(String name, JsonNode value) {
        return name.equals("format") && value.isString() && value.stringValue().equals("utc-time");
    }

    private JsonNode value(String path, JsonNode value) {
        if (value.isObject()) {
            return converted(path, value.asObject());
        }
        if (value.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            value.forEach(item -> array.add(value(path, item)));
            return array;
        }
        return value;
    }

    private void merge(ObjectNode to, String base) {
        ObjectNode merged = converted(base, tree(base));
        merged.path("properties").properties().forEach(property -> {
            ObjectNode properties = to.withObject("properties");
            if (!properties.has(property.getKey())) {
                properties.set(property.getKey(), property.getValue());
            }
        });
        merged.path("required").forEach(name -> to.withArray("required").add(name));
    }

    private String define(String from, String reference) {
        boolean isShared = reference.startsWith(SHARED);
        String path = isShared ? "" : resolve(from, reference);
        String name = isShared
                ? reference.substring(SHARED.length())
                : path.substring(path.indexOf('/') + 1, path.length() - ".json".length())
                        .replace('-', '_');
        if (!definitions.has(name)) {
            definitions.putNull(name); // so that it is defined once, should it refer to itself
            definitions.set(name, isShared ? converted("", shared.get(name).asObject()) : converted(path, tree(path)));
        }
        return name;
    }

    /** Fills in which names of keys and channels there are. */
    private void names(ObjectNode from, ObjectNode to) {
        if (from.has("x-pattern")) {
            to.put("pattern", pattern(from.get("x-pattern").stringValue()));
        }
        if (from.has("x-enum")) {
            ArrayNode allowed = to.putArray("enum");
            boolean documents = from.get("x-enum").stringValue().equals("kinds");
            files.in("keys").stream()
                    .map(SchemaFile::tree)
                    .filter(key -> !documents || key.has("document"))
                    .forEach(key -> allowed.add(key.get("name").stringValue()));
        }
    }

    private String pattern(String which) {
        List<String> alternatives = new ArrayList<>();
        for (SchemaFile named : files.in(which.equals("channels") ? "channels" : "keys")) {
            ObjectNode file = named.tree();
            if (!which.equals("documents") || file.has("document")) {
                alternatives.add(expression(file));
            }
        }
        if (!which.equals("channels")) {
            alternatives.add("stroke:progress");
            alternatives.add("robot:state");
        }
        if (which.equals("keys")) {
            alternatives.add("stream:stroke_history");
        }
        return alternatives.stream().collect(Collectors.joining("|", "^(", ")$"));
    }

    private String expression(JsonNode file) {
        String expression = file.get("template").stringValue();
        for (Map.Entry<String, JsonNode> parameter : file.get("parameters").properties()) {
            String type = resolve("keys/any", parameter.getValue().get("$ref").stringValue());
            String pattern = tree(type).get("pattern").stringValue();
            expression = expression.replace("{" + parameter.getKey() + "}", pattern.substring(1, pattern.length() - 1));
        }
        return expression;
    }

    private ObjectNode tree(String path) {
        return files.find(path)
                .orElseThrow(() -> new IllegalStateException("the schema has no " + path))
                .tree();
    }

    /** Resolves a reference that stands in a file: {@code ../types/time.json} in {@code models/base.json}. */
    private static String resolve(String from, String reference) {
        return URI.create("/" + from).resolve(reference).getPath().substring(1);
    }
}
