package ai.tatbot.state.model;

import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A generated class beside its schema file, whose bases and references are followed here anew, so that a mistake of the
 * generator shows.
 */
record ModelClass(String folder, String file, Class<?> type, List<Field> fields) {
    /** Files that others build upon, and that have no class. */
    static final Set<String> BASES = Set.of("models/base", "events/event");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static List<ModelClass> all() {
        return Stream.of("models", "events")
                .flatMap(folder -> SchemaFiles.in(folder).stream()
                        .filter(file -> !BASES.contains(folder + "/" + file))
                        .map(file -> of(folder, file)))
                .toList();
    }

    static ModelClass of(String folder, String file) {
        Flat flat = flatten(folder + "/" + file + ".json");
        List<Field> fields = flat.properties.entrySet().stream()
                .map(entry -> new Field(entry.getKey(), entry.getValue(), flat.required.contains(entry.getKey())))
                .toList();
        try {
            return new ModelClass(
                    folder, file, Class.forName("ai.tatbot.state.model." + SchemaFiles.pascal(file)), fields);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(folder + "/" + file + ".json has no class; mvn generates it", e);
        }
    }

    @SuppressWarnings("unchecked")
    JsonType<JsonWritable> json() {
        try {
            return (JsonType<JsonWritable>) type.getField("JSON").get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    JsonWritable read(JsonNode json) {
        return read(SchemaFiles.MAPPER.writeValueAsBytes(json));
    }

    JsonWritable read(byte[] json) {
        return StateJson.read(json, json());
    }

    @Nullable
    Object get(Object object, Field field) {
        return call(object, SchemaFiles.camel(field.name));
    }

    static @Nullable Object call(Object object, String method) {
        try {
            return object.getClass().getMethod(method).invoke(object);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** An object with a value for every field. */
    ObjectNode whole() {
        ObjectNode object = NODES.objectNode();
        fields.forEach(field -> object.set(field.name, field.sample()));
        return object;
    }

    ObjectNode without(Field field) {
        ObjectNode object = whole();
        object.remove(field.name);
        return object;
    }

    ObjectNode with(Field field, JsonNode value) {
        ObjectNode object = whole();
        object.set(field.name, value);
        return object;
    }

    @Override
    public String toString() {
        return folder + "/" + file;
    }

    private static Flat flatten(String file) {
        JsonNode schema = SchemaFiles.read(file);
        Flat flat = new Flat();
        for (JsonNode base : schema.path("allOf")) {
            String target = target(file, base.path("$ref").asString());
            boolean carried = file.startsWith("events/") && target.startsWith("models/");
            Flat inherited = flatten(target);
            inherited.properties.forEach((name, property) -> {
                String renamed = schema.path("x-rename").path(name).asString(name);
                flat.properties.putIfAbsent(renamed, carried ? withoutDefault(property) : property);
                if (carried) {
                    flat.carried.add(renamed);
                }
            });
            flat.required.addAll(inherited.required);
        }
        schema.path("properties").properties().forEach(entry -> {
            JsonNode property = follow(file, entry.getValue());
            boolean carried = flat.carried.contains(entry.getKey());
            flat.properties.put(entry.getKey(), carried ? withoutDefault(property) : property);
        });
        schema.path("required").forEach(name -> flat.required.add(name.asString()));
        return flat;
    }

    private static JsonNode follow(String file, JsonNode property) {
        if (!property.has("$ref")) {
            return property;
        }
        String[] reference = property.path("$ref").asString().split("#", 2);
        String target = target(file, reference[0]);
        JsonNode found = SchemaFiles.read(target);
        return follow(target, reference.length < 2 ? found : found.at(reference[1]));
    }

    private static String target(String file, String reference) {
        return reference.startsWith("../")
                ? reference.substring("../".length())
                : file.substring(0, file.indexOf('/') + 1) + reference;
    }

    private static JsonNode withoutDefault(JsonNode property) {
        ObjectNode copy = (ObjectNode) property.deepCopy();
        copy.remove("default");
        return copy;
    }

    private static final class Flat {
        final Map<String, JsonNode> properties = new LinkedHashMap<>();
        final Set<String> required = new HashSet<>();
        final Set<String> carried = new HashSet<>();
    }

    /** A field, its own or of a base. */
    record Field(String name, JsonNode schema, boolean required) {
        boolean isConstant() {
            return schema.has("const");
        }

        boolean isTime() {
            return schema.path("format").asString("").equals("utc-time");
        }

        /** Such as {@code integer}, nullable or not. */
        String type() {
            JsonNode type = schema.path("type");
            return type.isArray() ? type.path(0).asString() : type.asString("");
        }

        boolean takesNull() {
            return schema.path("type")
                    .valueStream()
                    .anyMatch(type -> type.asString().equals("null"));
        }

        @Nullable
        JsonNode defaultValue() {
            return schema.get("default");
        }

        /** A value that fits and is not the default. */
        JsonNode sample() {
            if (isConstant()) {
                return schema.path("const");
            }
            if (schema.has("enum")) {
                return schema.path("enum").path(0);
            }
            return switch (type()) {
                case "boolean" -> NODES.booleanNode(!schema.path("default").asBoolean(false));
                case "integer" ->
                    NODES.numberNode(Math.max(7, schema.path("minimum").asInt(7)));
                case "number" ->
                    NODES.numberNode(Math.max(7.25, schema.path("minimum").asDouble(7.25)));
                case "array" -> sampleList();
                case "object" -> NODES.objectNode().put("ink", "true_blue").put("ml", 0.5);
                default -> NODES.stringNode(sampleText());
            };
        }

        private ArrayNode sampleList() {
            boolean numbers = schema.path("items").path("type").asString().equals("number");
            return numbers
                    ? NODES.arrayNode().add(-0.44).add(1.38)
                    : NODES.arrayNode().add("a").add("b");
        }

        private String sampleText() {
            if (isTime()) {
                return "2025-08-18T20:09:37.123456Z";
            }
            return name.equals("event_id") ? "1755547777123-0" : "hog";
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
