package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class KeyFilesTest {
    private static final String META = "meta/key.json";

    static List<String> keyFiles() {
        return SchemaFiles.in("keys");
    }

    @ParameterizedTest
    @MethodSource("keyFiles")
    void keepsToItsMetaSchema(String file) {
        assertThat(SchemaValidator.errors(META, SchemaFiles.read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("keyFiles")
    void nameIsThatOfTheFile(String file) {
        assertThat(SchemaFiles.read(file).path("name").asString())
                .isEqualTo(SchemaFiles.baseName(file).replace('-', '_'));
    }

    @ParameterizedTest
    @MethodSource("keyFiles")
    void placeholdersAreTheParameters(String file) {
        JsonNode key = SchemaFiles.read(file);
        assertThat(new NameTemplate(key.path("template").asString()).placeholders())
                .containsExactlyElementsOf(key.path("parameters").propertyNames());
    }

    @Test
    void everyReferenceResolves() {
        assertThat(keyFiles())
                .flatExtracting(file -> SchemaFiles.read(file).findValues("$ref").stream()
                        .map(reference -> SchemaFiles.target(file, reference.asString()))
                        .toList())
                .isNotEmpty()
                .allMatch(SchemaFiles::exists);
    }

    @Test
    void everyIndexIsSet() {
        assertThat(named("index"))
                .isNotEmpty()
                .map(name -> SchemaFiles.read(fileOf("keys", name)))
                .allMatch(index -> index.path("redis_type").asString().equals("set"));
    }

    @Test
    void everyChannelExists() {
        assertThat(named("channel"))
                .isNotEmpty()
                .map(name -> fileOf("channels", name))
                .allMatch(SchemaFiles::exists);
    }

    @Test
    void everyDocumentIsFieldBesideItsRevision() {
        List<JsonNode> documents = keyFiles().stream()
                .map(SchemaFiles::read)
                .filter(key -> key.has("document"))
                .toList();
        assertThat(documents)
                .hasSize(3)
                .allSatisfy(key -> assertThat(key.path("fields").propertyNames())
                        .contains(key.path("document").path("field").asString(), "rev", "last_updated"));
    }

    /** Python nodes scan these three prefixes, and read whatever they find as a document. */
    @Test
    void onlyDocumentsHaveThePrefixesThatPythonScans() {
        Map<String, String> templates = keyFiles().stream()
                .collect(Collectors.toMap(
                        file -> file,
                        file -> SchemaFiles.read(file).path("template").asString()));
        Map<String, String> documents = Map.of(
                "keys/robot-state.json", "robot:state:{node_id}",
                "keys/stroke-progress.json", "stroke:progress:{session_id}",
                "keys/node-health.json", "node:health:{node_id}");
        assertThat(templates).containsAllEntriesOf(documents).doesNotContainValue("");
        templates.keySet().removeAll(documents.keySet());
        assertThat(templates.values())
                .isNotEmpty()
                .noneMatch(template -> template.matches("(robot:state|stroke:progress|node:health):.*"))
                .noneMatch(template -> template.startsWith("{"));
    }

    @Test
    void templatesDiffer() {
        assertThat(keyFiles())
                .extracting(file -> SchemaFiles.read(file).path("template").asString())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'colour': 'blue'}",
                "{'name': 'Robot'}",
                "{'template': 'robot:state:{node_id'}",
                "{'template': 'robot state'}",
                "{'parameters': {'node_id': {'type': 'string'}}}",
                "{'parameters': {'node_id': {'$ref': '../models/base.json'}}}",
                "{'redis_type': 'list'}",
                "{'redis_type': 'stream'}",
                "{'redis_type': 'set'}",
                "{'max_length': 10}",
                "{'ttl_seconds': 0}",
                "{'fields': {}}",
                "{'fields': {'state': ''}}",
                "{'document': {'field': 'state'}}",
                "{'writers': []}",
                "{'writers': ['every node']}",
                "{'writers': [{'role': 'robot'}]}",
                "{'writers': [{'role': 'robot', 'why': 'runs it', 'own': {}}]}",
                "{'writers': [{'role': 'robot', 'why': 'runs it', 'own': {'node_id': '*'}}]}",
                "{'readers': [{'role': 'Robot', 'why': 'runs it'}]}"
            })
    void refusedKey(String change) {
        ObjectNode key = (ObjectNode) SchemaFiles.read("keys/robot-state.json");
        key.setAll((ObjectNode) SchemaFiles.parse(change.replace('\'', '"')));
        assertThat(SchemaValidator.errors(META, key)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"document", "fields", "channel", "index", "ttl_renewed_by", "ttl_seconds", "parameters"})
    void refusedKeyWithout(String name) {
        ObjectNode key = (ObjectNode) SchemaFiles.read("keys/robot-state.json");
        assertThat(key.remove(name)).isNotNull();
        assertThat(SchemaValidator.errors(META, key)).isNotEmpty();
    }

    /** What the key files say under this name, where they do. */
    private static List<String> named(String name) {
        return keyFiles().stream()
                .map(SchemaFiles::read)
                .filter(key -> key.has(name))
                .map(key -> key.path(name).asString())
                .toList();
    }

    private static String fileOf(String folder, String name) {
        return folder + "/" + name.replace('_', '-') + ".json";
    }
}
