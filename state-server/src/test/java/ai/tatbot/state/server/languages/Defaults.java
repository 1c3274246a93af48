package ai.tatbot.state.server.languages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fields that a case does not name because its schema did not have them when it was recorded: those that have their defaults. */
final class Defaults {
    private static final List<Fields> SCHEMAS =
            Stream.of("models", "events").flatMap(Defaults::schemas).toList();

    private Defaults() {}

    private static Stream<Fields> schemas(String folder) {
        try (Stream<Path> files = Files.list(Path.of("..", "schema", folder))) {
            return files
                    .map(file -> Fields.of(
                            folder + "/" + file.getFileName().toString().replace(".json", "")))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether what is found more than is wanted are fields of a schema that what is wanted fits, each with its default. */
    static boolean accountFor(JsonNode wanted, JsonNode found) {
        return SCHEMAS.stream()
                .filter(schema -> describes(schema, wanted))
                .anyMatch(schema -> found.propertyStream()
                        .allMatch(field ->
                                wanted.has(field.getKey()) || isDefault(schema, field.getKey(), field.getValue())));
    }

    private static boolean describes(Fields schema, JsonNode wanted) {
        return schema.required().stream().allMatch(wanted::has)
                && wanted.propertyStream()
                        .allMatch(field -> isPossible(schema.schemas().get(field.getKey()), field.getValue()));
    }

    private static boolean isPossible(@Nullable JsonNode field, JsonNode value) {
        if (field == null) {
            return false;
        }
        return !field.has("const") || field.path("const").equals(value);
    }

    private static boolean isDefault(Fields schema, String name, JsonNode value) {
        JsonNode field = schema.schemas().get(name);
        if (field == null || !field.has("default")) {
            return false;
        }
        JsonNode other = field.path("default");
        if (other.isNumber() && value.isNumber()) {
            return other.decimalValue().compareTo(value.decimalValue()) == 0;
        }
        return other.equals(value);
    }
}
