package ai.tatbot.state.codegen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The schema folder, read: models and events flattened, keys and channels as they are. */
final class SchemaFolder {
    /** Files that only others build upon, and that get no class of their own. */
    private static final Set<String> BASES = Set.of("base", "event");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path root;
    private final MetaSchemas rules;
    private final Map<Path, ObjectNode> read = new LinkedHashMap<>();
    private final Map<String, FlatSchema> flat = new LinkedHashMap<>();
    private final List<ObjectNode> keys = new ArrayList<>();
    private final List<ObjectNode> channels = new ArrayList<>();
    private final List<ObjectNode> roles = new ArrayList<>();

    private SchemaFolder(Path root) throws IOException {
        this.root = root;
        this.rules = new MetaSchemas(root);
    }

    static SchemaFolder read(Path root) throws IOException {
        SchemaFolder folder = new SchemaFolder(root.toAbsolutePath().normalize());
        for (Path file : folder.files("models")) {
            folder.flatten(file, false);
        }
        for (Path file : folder.files("events")) {
            folder.flatten(file, true);
        }
        for (Path file : folder.files("keys")) {
            folder.keys.add(folder.load(file));
        }
        for (Path file : folder.files("channels")) {
            folder.channels.add(folder.load(file));
        }
        for (Path file : folder.files("roles")) {
            folder.roles.add(folder.load(file));
        }
        folder.checkIndexes();
        folder.checkClassNames();
        return folder;
    }

    List<FlatSchema> documentsAndEvents() {
        return List.copyOf(flat.values());
    }

    private void checkIndexes() {
        Set<String> sets = new HashSet<>();
        keys.stream()
                .filter(key -> key.path("redis_type").asText().equals("set"))
                .forEach(key -> sets.add(key.path("name").asText()));
        for (ObjectNode key : keys) {
            if (key.has("index") && !sets.contains(key.get("index").asText())) {
                throw new IllegalStateException(
                        "key " + key.path("name").asText() + ": no key of the type set is named "
                                + key.get("index").asText());
            }
        }
    }

    /** Enumerations and the interfaces of channels get names of their own, which might be those of a file. */
    private void checkClassNames() {
        Set<String> names = new HashSet<>(Set.of("Keys", "Channels"));
        for (FlatSchema schema : flat.values()) {
            addClassName(names, schema.className(), schema.name());
            for (Map.Entry<String, JsonNode> property : schema.properties()) {
                if (property.getValue().has("enum") && !schema.carried().containsKey(property.getKey())) {
                    addClassName(
                            names,
                            schema.className() + Names.pascal(property.getKey()),
                            schema.name() + ", field " + property.getKey());
                }
            }
        }
        for (ObjectNode channel : channels) {
            if (channel.path("messages").size() > 1) {
                addClassName(
                        names,
                        ChannelsWriter.commonInterface(channel),
                        "channel " + channel.path("name").asText());
            }
        }
    }

    private static void addClassName(Set<String> names, String name, String owner) {
        if (!names.add(name)) {
            throw new IllegalStateException(owner + ": another schema has the class " + name + " already");
        }
    }

    FlatSchema byClassName(String className) {
        return flat.values().stream()
                .filter(schema -> schema.className().equals(className))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no schema has the class " + className));
    }

    List<ObjectNode> keys() {
        return keys;
    }

    List<ObjectNode> channels() {
        return channels;
    }

    List<ObjectNode> roles() {
        return roles;
    }

    /** Where all addresses of schemas begin, such as {@code https://example.org/schema/state/v1/}. */
    static String base() {
        return MetaSchemas.BASE;
    }

    /** The type of a key's or channel's parameter, with its reference followed. */
    ObjectNode parameterType(JsonNode parameter) throws IOException {
        return resolve(parameter, root.resolve("keys/x"));
    }

    /** The model or event that a key's or channel's {@code $ref} names. */
    FlatSchema referenced(JsonNode ref) {
        String target = ref.required("$ref").asText();
        FlatSchema schema = flat.get(baseName(Path.of(target)));
        if (schema == null) {
            throw new IllegalStateException("a key or channel refers to " + target + ", which is no model or event");
        }
        return schema;
    }

    /** Pattern of a key's or channel's parameter, without its anchors. */
    String parameterPattern(JsonNode parameter) throws IOException {
        JsonNode type = parameterType(parameter);
        if (!type.has("pattern")) {
            throw new IllegalStateException(
                    parameter.get("$ref").asText() + " is a parameter of a key or channel, so it needs a pattern");
        }
        return withoutAnchors(type.get("pattern").asText());
    }

    static String withoutAnchors(String pattern) {
        return pattern.substring(1, pattern.length() - 1);
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private ObjectNode load(Path file) throws IOException {
        Path path = file.normalize();
        ObjectNode known = read.get(path);
        if (known == null) {
            String name = name(path);
            if (!Files.exists(path)) {
                throw new IllegalStateException(name + " is referred to, but does not exist");
            }
            String content = Files.readString(path);
            try {
                if (!(JSON.readTree(content) instanceof ObjectNode node)) {
                    throw new IllegalStateException(name + " is not a JSON object");
                }
                known = node;
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(name + " is not JSON: " + e.getMessage(), e);
            }
            rules.check(name, content);
            read.put(path, known);
        }
        return known;
    }

    /** Path below the schema folder, for messages. */
    private String name(Path file) {
        return root.relativize(file.normalize()).toString().replace('\\', '/');
    }

    private void flatten(Path file, boolean event) throws IOException {
        String name = baseName(file);
        if (BASES.contains(name)) {
            return;
        }
        Merged merged = merge(file);
        ObjectNode node = JSON.createObjectNode();
        ObjectNode source = load(file);
        node.set("title", source.required("title"));
        node.set("description", source.required("description"));
        node.put("type", "object");
        ObjectNode properties = node.putObject("properties");
        merged.properties.forEach((field, schema) ->
                properties.set(field, merged.required.contains(field) ? PropertyMerge.alwaysThere(schema) : schema));
        JsonNode type = merged.properties.get("type");
        String constant =
                event && type != null && type.has("const") ? type.get("const").asText() : null;
        String carries = event ? carriedModel(source) : null;
        if (flat.put(name, new FlatSchema(name, event, node, merged.required, constant, carries, merged.carried))
                != null) {
            throw new IllegalStateException("two schemas are named " + name);
        }
    }

    private static @Nullable String carriedModel(ObjectNode source) {
        return StreamSupport.stream(source.path("allOf").spliterator(), false)
                .map(base -> base.required("$ref").asText())
                .filter(ref -> ref.startsWith("../models/"))
                .map(ref -> baseName(Path.of(ref)))
                .findFirst()
                .orElse(null);
    }

    private Merged merge(Path file) throws IOException {
        ObjectNode source = load(file);
        Merged merged = new Merged();
        JsonNode renames = source.path("x-rename");
        for (JsonNode base : source.path("allOf")) {
            String ref = base.required("$ref").asText();
            Merged inherited = merge(file.resolveSibling(ref));
            boolean carried = ref.startsWith("../models/");
            inherited.properties.forEach((field, schema) -> {
                String name = renames.path(field).asText(field);
                if (carried && merged.properties.containsKey(name) && !merged.sharedByAll(name)) {
                    throw new IllegalStateException(name(file) + ": field " + name + " of " + ref
                            + " is also one of every event; give it another name with x-rename");
                }
                // Base fields of events and models meet here (timestamp, node_id): both bases bind, the first one has
                // the word.
                JsonNode first = merged.properties.get(name);
                JsonNode own = carried ? withoutDefault(schema) : schema;
                merged.properties.put(
                        name, first == null ? own : PropertyMerge.both(name(file) + ": field " + name, own, first));
                if (carried) {
                    merged.carried.put(name, field);
                }
            });
            merged.required.addAll(inherited.required);
        }
        renames.fieldNames().forEachRemaining(field -> {
            if (!merged.carried.containsValue(field)) {
                throw new IllegalStateException(name(file) + ": x-rename: no carried model has a field " + field);
            }
        });
        source.path("required").forEach(field -> merged.required.add(field.asText()));
        for (Map.Entry<String, JsonNode> property : source.path("properties").properties()) {
            add(merged, property.getKey(), property.getValue(), file);
        }
        for (String field : merged.required) {
            JsonNode schema = merged.properties.get(field);
            if (schema == null) {
                throw new IllegalStateException(name(file) + ": required field " + field + " does not exist");
            }
            if (FlatSchema.takesNull(schema)) {
                throw new IllegalStateException(
                        name(file) + ": field " + field + ": is required, so it may not be null");
            }
        }
        checkJavaNames(merged, file);
        return merged;
    }

    /** Adds a property of the file's own, laid over that of a base with the same name. */
    private void add(Merged merged, String name, JsonNode property, Path file) throws IOException {
        String where = name(file) + ": field " + name;
        ObjectNode resolved = resolve(property, file);
        PropertyRules.check(where, name, resolved, merged.required.contains(name));
        String model = merged.carried.get(name);
        if (model != null && !merged.sharedByAll(name)) {
            // Said again only to be required; what else it said would be lost on the way from the model.
            if (!property.path("$ref").asText().endsWith("#/properties/" + model)) {
                throw new IllegalStateException(where + " is also a field of the model that it carries; refer to that");
            }
            resolved = withoutDefault(resolved);
        }
        JsonNode before = merged.properties.get(name);
        merged.properties.put(name, before == null ? resolved : PropertyMerge.both(where, before, resolved));
    }

    private void checkJavaNames(Merged merged, Path file) {
        Map<String, String> names = new HashMap<>();
        for (String field : merged.properties.keySet()) {
            String other = names.put(Names.property(field), field);
            if (other != null) {
                throw new IllegalStateException(name(file) + ": fields " + other + " and " + field
                        + " have the same name in Java, " + Names.property(field));
            }
        }
    }

    /** Follows a {@code $ref}; what stands beside it, such as a description, wins. */
    private ObjectNode resolve(JsonNode property, Path file) throws IOException {
        ObjectNode own = property.deepCopy();
        if (!own.has("$ref")) {
            return own;
        }
        String ref = own.remove("$ref").asText();
        int hash = ref.indexOf('#');
        Path target = file.resolveSibling(hash < 0 ? ref : ref.substring(0, hash));
        JsonNode found = load(target).at(hash < 0 ? "" : ref.substring(hash + 1));
        if (found.isMissingNode()) {
            throw new IllegalStateException(name(file) + ": " + ref + " leads nowhere");
        }
        ObjectNode resolved = resolve(found, target);
        resolved.setAll(own);
        resolved.remove(List.of("$schema", "$id"));
        return resolved;
    }

    /** In an event an absent field says nothing, whatever the stored model would have for it: older nodes send few. */
    private static ObjectNode withoutDefault(JsonNode schema) {
        ObjectNode copy = schema.deepCopy();
        if (copy.remove("default") != null) {
            String description = Facts.withoutAbsence(copy.path("description").asText());
            copy.put("description", description + " Absent: not said.");
        }
        return copy;
    }

    private static String baseName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    }

    private static final class Merged {
        final Map<String, JsonNode> properties = new LinkedHashMap<>();
        final Set<String> required = new LinkedHashSet<>();
        /** Field of an event to field of the model that it carries. */
        final Map<String, String> carried = new LinkedHashMap<>();

        /** Models and events have these fields in common. */
        boolean sharedByAll(String field) {
            return field.equals("timestamp") || field.equals("node_id");
        }
    }
}
