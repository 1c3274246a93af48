package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Map<Path, ObjectNode> read = new LinkedHashMap<>();
    private final Map<String, FlatSchema> flat = new LinkedHashMap<>();
    private final List<ObjectNode> keys = new ArrayList<>();
    private final List<ObjectNode> channels = new ArrayList<>();

    private SchemaFolder(Path root) {
        this.root = root;
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
        return folder;
    }

    List<FlatSchema> documentsAndEvents() {
        return List.copyOf(flat.values());
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

    /** The model or event that a key's or channel's {@code $ref} names. */
    FlatSchema referenced(JsonNode ref) {
        String name = baseName(Path.of(ref.required("$ref").asText()));
        FlatSchema schema = flat.get(name);
        if (schema == null) {
            throw new IllegalStateException(
                    "no model or event " + ref.get("$ref").asText());
        }
        return schema;
    }

    /** Pattern of a key's or channel's parameter, without its anchors. */
    String parameterPattern(JsonNode parameter) throws IOException {
        String pattern =
                resolve(parameter, root.resolve("keys/x")).required("pattern").asText();
        return pattern.replaceFirst("^\\^", "").replaceFirst("\\$$", "");
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
            if (!(JSON.readTree(path.toFile()) instanceof ObjectNode node)) {
                throw new IllegalStateException(path + " is not a JSON object");
            }
            known = node;
            read.put(path, known);
        }
        return known;
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
        merged.properties.forEach(properties::set);
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
                // Base fields of events and models meet here (timestamp, node_id): the first one stays.
                merged.properties.putIfAbsent(name, carried ? withoutDefault(schema) : schema);
                if (carried) {
                    merged.carried.put(name, field);
                }
            });
            merged.required.addAll(inherited.required);
        }
        for (Map.Entry<String, JsonNode> property : source.path("properties").properties()) {
            ObjectNode resolved = resolve(property.getValue(), file);
            if (merged.carried.containsKey(property.getKey())) {
                resolved.remove("default");
            }
            JsonNode before = merged.properties.get(property.getKey());
            merged.properties.put(
                    property.getKey(), before == null || resolved.has("title") ? resolved : overlay(before, resolved));
        }
        source.path("required").forEach(field -> merged.required.add(field.asText()));
        for (String field : merged.required) {
            if (!merged.properties.containsKey(field)) {
                throw new IllegalStateException(file + " requires " + field + ", which it does not have");
            }
        }
        return merged;
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
            throw new IllegalStateException(file + ": " + ref + " leads nowhere");
        }
        ObjectNode resolved = overlay(resolve(found, target), own);
        resolved.remove(List.of("$schema", "$id"));
        return resolved;
    }

    /** In an event an absent field says nothing, whatever the stored model would have for it: older nodes send few. */
    private static ObjectNode withoutDefault(JsonNode schema) {
        ObjectNode copy = schema.deepCopy();
        copy.remove("default");
        return copy;
    }

    private static ObjectNode overlay(JsonNode below, JsonNode above) {
        ObjectNode result = below.deepCopy();
        above.properties().forEach(entry -> result.set(entry.getKey(), entry.getValue()));
        return result;
    }

    private static String baseName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    }

    private static final class Merged {
        final Map<String, JsonNode> properties = new LinkedHashMap<>();
        final Set<String> required = new LinkedHashSet<>();
        final Map<String, String> carried = new LinkedHashMap<>();
    }
}
