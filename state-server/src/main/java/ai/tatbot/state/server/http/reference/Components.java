package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.schema.SchemaFile;
import ai.tatbot.state.server.schema.SchemaFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of the document: types, models and events as the schema has them, what requests and answers look like, and a few that
 * follow from the schema's keys and channels. References point from one to the other, and nowhere else.
 */
final class Components {
    private static final String PLACE = "#/components/schemas/";
    private static final String DEFS = "#/$defs/";
    private static final JsonMapper JSON = new JsonMapper();

    private final SchemaFiles files;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    Components(SchemaFiles files) {
        this.files = files;
        files.all().stream()
                .filter(file -> file.isJsonSchema() && !file.folder().equals("meta"))
                .forEach(this::addFile);
        answers().properties().forEach(answer -> add(answer.getKey(), (ObjectNode) answer.getValue()));
        addDerived();
        schemas.values().forEach(this::resolve);
    }

    /** By name. */
    ObjectNode tree() {
        ObjectNode tree = JSON.createObjectNode();
        schemas.forEach(tree::set);
        return tree;
    }

    /** What requests and answers look like, as it is written. */
    static ObjectNode answers() {
        try (InputStream in = Components.class.getResourceAsStream("answers.json")) {
            if (in == null) {
                throw new IllegalStateException("answers.json is missing");
            }
            return (ObjectNode) JSON.readTree(in).get("$defs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addFile(SchemaFile file) {
        ObjectNode schema = file.tree();
        // An $id would be the base of the references inside.
        schema.remove(List.of("$id", "$schema"));
        schema.putObject("externalDocs").put("url", files.basePath() + file.path());
        add(componentName(file.name()), schema);
    }

    private void addDerived() {
        ObjectNode documents = described("Document", "A document: what is stored under one of the keys that hold one.");
        ArrayNode models = documents.putArray("anyOf");
        List<String> kinds = new ArrayList<>();
        List<String> documentKinds = new ArrayList<>();
        for (SchemaFile file : files.in("keys")) {
            JsonNode key = file.tree();
            kinds.add(key.get("name").asString());
            if (key.has("document")) {
                documentKinds.add(key.get("name").asString());
                models.addObject().set("$ref", key.get("document").get("schema").get("$ref"));
            }
        }
        add("AnyDocument", documents);
        add("KeyKind", names(described("Kind of key", "What a key is for."), kinds));
        add("DocumentKind", names(described("Kind of document", "Which model a document is of."), documentKinds));
        ObjectNode events = described("Event", "An event of any channel.");
        ArrayNode payloads = events.putArray("anyOf");
        messages()
                .forEach(message ->
                        payloads.addObject().set("$ref", message.get("payload").get("$ref")));
        add("AnyEvent", events);
        add("ChannelName", channels());
    }

    private Stream<JsonNode> messages() {
        return files.in("channels").stream()
                .flatMap(file -> file.tree().get("messages").valueStream());
    }

    private ObjectNode channels() {
        StringBuilder text = new StringBuilder("A channel: ");
        for (SchemaFile file : files.in("channels")) {
            text.append(file.tree().get("template").asString())
                    .append(" (")
                    .append(file.description().replaceFirst("[.]$", ""))
                    .append("), ");
        }
        text.setLength(text.length() - 2);
        return described("Channel", text.append('.').toString())
                .put("type", "string")
                .put("maxLength", 256);
    }

    private static ObjectNode described(String title, String description) {
        return JSON.createObjectNode().put("title", title).put("description", description);
    }

    private static ObjectNode names(ObjectNode schema, List<String> names) {
        ArrayNode values = schema.put("type", "string").putArray("enum");
        names.forEach(values::add);
        return schema;
    }

    private void add(String name, ObjectNode schema) {
        if (schemas.put(name, schema) != null) {
            throw new IllegalStateException("there are two components " + name);
        }
    }

    private void resolve(JsonNode node) {
        if (node instanceof ObjectNode object) {
            JsonNode ref = object.get("$ref");
            if (ref != null && ref.isString()) {
                object.put("$ref", resolve(ref.asString()));
            }
        }
        node.forEach(this::resolve);
    }

    /** Names of files are unique, since names of components are; so folders need not be looked at. */
    private String resolve(String ref) {
        if (ref.startsWith(DEFS)) {
            return known(ref.substring(DEFS.length()), "");
        }
        int hash = ref.indexOf('#');
        String path = hash < 0 ? ref : ref.substring(0, hash);
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("[.]json$", "");
        return known(componentName(name), hash < 0 ? "" : ref.substring(hash + 1));
    }

    private String known(String component, String rest) {
        if (!schemas.containsKey(component)) {
            throw new IllegalStateException("there is no component " + component);
        }
        return PLACE + component + rest;
    }

    /** {@code robot-state} is RobotState. */
    private static String componentName(String fileName) {
        StringBuilder name = new StringBuilder();
        for (String word : fileName.split("-", -1)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }
}
