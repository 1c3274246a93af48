package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What every file in types, models and events keeps to. */
class SchemaFilesTest {
    /** Their type is open, and their sender need not be a node of the fleet. */
    private static final List<String> NOT_OF_NODES = List.of("events/event.json", "events/custom-event.json");

    static List<String> metaFiles() {
        return SchemaFiles.in("meta");
    }

    static List<String> schemaFiles() {
        return SchemaFiles.in(SchemaFiles.SCHEMA_FOLDERS);
    }

    static Stream<String> allFiles() {
        return Stream.concat(metaFiles().stream(), schemaFiles().stream());
    }

    static List<String> objectFiles() {
        return SchemaFiles.in(List.of("models", "events"));
    }

    @ParameterizedTest
    @MethodSource("allFiles")
    void isJsonSchema(String file) {
        assertThat(SchemaValidator.errorsAsJsonSchema(SchemaFiles.read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("allFiles")
    void idIsPath(String file) {
        assertThat(SchemaFiles.read(file).path("$id").asString()).isEqualTo(SchemaFiles.BASE + file);
    }

    @ParameterizedTest
    @MethodSource("schemaFiles")
    void keepsToTheDialect(String file) {
        assertThat(SchemaValidator.errors("meta/dialect.json", SchemaFiles.read(file)))
                .isEmpty();
    }

    @Test
    void everyReferenceResolves() {
        assertThat(schemaFiles())
                .flatExtracting(SchemaFilesTest::references)
                .isNotEmpty()
                .allSatisfy(reference -> {
                    assertThat(SchemaFiles.exists(reference.target())).isTrue();
                    assertThat(reference.follow().isObject()).isTrue();
                });
    }

    @Test
    void requiredFieldsExist() {
        assertThat(objectFiles())
                .allSatisfy(file ->
                        assertThat(properties(file).keySet()).isNotEmpty().containsAll(required(file)));
    }

    /** So that absence has one meaning: the default, else null. */
    @Test
    void whatIsOptionalIsNullableOrHasDefault() {
        List<Field> optional = fields(field -> !required(field.file()).contains(field.name()));
        assertThat(optional)
                .isNotEmpty()
                .allMatch(field -> field.isNullable() ^ field.schema().has("default"));
    }

    @Test
    void defaultsFitTheirFields() {
        assertThat(fields(field -> field.schema().has("default")))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(SchemaValidator.errors(
                                field.schema(), field.schema().path("default")))
                        .isEmpty());
    }

    @Test
    void nullIsAmongTheValuesOfNullableEnums() {
        assertThat(fields(field -> field.schema().has("enum"))).isNotEmpty().allSatisfy(field -> {
            boolean listsNull = field.schema().path("enum").valueStream().anyMatch(JsonNode::isNull);
            assertThat(listsNull).isEqualTo(field.isNullable());
        });
    }

    @Test
    void whatIsMeasuredHasUnit() {
        assertThat(fields(field -> field.name().matches(".*_(percent|ms)|(joints|velocities)_[lr]|goal_time_.*")))
                .isNotEmpty()
                .allMatch(field -> field.schema().has("x-unit"));
    }

    @Test
    void renamedFieldsAreThoseOfTheModel() {
        List<String> renaming = objectFiles().stream()
                .filter(file -> SchemaFiles.read(file).has("x-rename"))
                .toList();
        assertThat(renaming).contains("events/progress-update.json").allSatisfy(file -> {
            JsonNode schema = SchemaFiles.read(file);
            schema.path("x-rename").properties().forEach(entry -> {
                String reference = schema.path("properties")
                        .path(entry.getValue().asString())
                        .path("$ref")
                        .asString();
                assertThat(reference).endsWith("#/properties/" + entry.getKey());
                assertThat(bases(file)).contains(SchemaFiles.target(file, reference));
            });
        });
    }

    @Test
    void everyEventHasTypeOfItsOwn() {
        List<String> types = SchemaFiles.in("events").stream()
                .filter(file -> !NOT_OF_NODES.contains(file))
                .map(file -> Example.typeOf(file).asString())
                .toList();
        assertThat(types)
                .hasSize(SchemaFiles.in("events").size() - NOT_OF_NODES.size())
                .doesNotHaveDuplicates();
    }

    @Test
    void everyEventButCustomOnesNamesItsNode() {
        assertThat(objectFiles())
                .filteredOn(file -> !NOT_OF_NODES.contains(file))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(required(file)).contains("timestamp", "node_id"));
    }

    /** A field of a file, its own or from a base, with its schema. */
    private record Field(String file, String name, JsonNode schema) {
        boolean isNullable() {
            return schema.path("type")
                    .valueStream()
                    .anyMatch(type -> type.asString().equals("null"));
        }
    }

    /** A reference in a file. */
    private record Reference(String file, String text) {
        String target() {
            return SchemaFiles.target(file, text);
        }

        JsonNode follow() {
            return SchemaFiles.read(target()).at(text.replaceFirst("^[^#]*#?", ""));
        }
    }

    private static List<Reference> references(String file) {
        return SchemaFiles.read(file).findValues("$ref").stream()
                .map(reference -> new Reference(file, reference.asString()))
                .toList();
    }

    private static List<Field> fields(Predicate<Field> filter) {
        return objectFiles().stream()
                .flatMap(file -> properties(file).entrySet().stream()
                        .map(property -> new Field(file, property.getKey(), property.getValue())))
                .filter(filter)
                .toList();
    }

    private static List<String> bases(String file) {
        return SchemaFiles.read(file)
                .path("allOf")
                .valueStream()
                .map(base -> SchemaFiles.target(file, base.path("$ref").asString()))
                .toList();
    }

    private static Set<String> required(String file) {
        Set<String> required = new HashSet<>();
        bases(file).forEach(base -> required.addAll(required(base)));
        SchemaFiles.read(file).path("required").forEach(name -> required.add(name.asString()));
        return required;
    }

    /** The properties of an object and of its bases, references followed. */
    private static Map<String, JsonNode> properties(String file) {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        bases(file).forEach(base -> properties.putAll(properties(base)));
        SchemaFiles.read(file)
                .path("properties")
                .properties()
                .forEach(entry -> properties.put(entry.getKey(), follow(file, entry.getValue())));
        return properties;
    }

    private static JsonNode follow(String file, JsonNode property) {
        if (!property.has("$ref")) {
            return property;
        }
        Reference reference = new Reference(file, property.path("$ref").asString());
        return follow(reference.target(), reference.follow());
    }
}
