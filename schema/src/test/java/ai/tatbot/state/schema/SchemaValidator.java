package ai.tatbot.state.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Validates against the schemas of this module, offline; formats are asserted, unknown keywords and formats refused. */
final class SchemaValidator {
    static final String JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

    private static final SchemaRegistry REGISTRY = registry();

    private SchemaValidator() {}

    /** What is wrong with a value, by a schema file such as {@code models/robot-state.json}. */
    static List<Error> errors(String schemaFile, JsonNode value) {
        return validate(REGISTRY.getSchema(SchemaLocation.of(SchemaFiles.BASE + schemaFile)), value);
    }

    /** What is wrong with a value, by a schema that is no file. */
    static List<Error> errors(JsonNode schema, JsonNode value) {
        return validate(
                REGISTRY.getSchema(SchemaLocation.of(SchemaFiles.BASE + "models/in-a-test.json"), schema), value);
    }

    /** What is wrong with a schema, by JSON Schema itself. */
    static List<Error> errorsAsJsonSchema(JsonNode schema) {
        return validate(REGISTRY.getSchema(SchemaLocation.of(JSON_SCHEMA)), schema);
    }

    /** Where a value fails, each place once: the path of the value, or of the property that is missing. */
    static List<String> places(String schemaFile, JsonNode value) {
        return errors(schemaFile, value).stream()
                .map(SchemaValidator::place)
                .distinct()
                .toList();
    }

    private static String place(Error error) {
        String path = error.getInstanceLocation().toString();
        return "required".equals(error.getKeyword()) ? path + "/" + error.getProperty() : path.isEmpty() ? "/" : path;
    }

    private static List<Error> validate(Schema schema, JsonNode value) {
        return schema.validate(value);
    }

    private static SchemaRegistry registry() {
        Dialect dialect = Dialect.builder(Dialects.getDraft202012())
                .format(new UtcTime())
                .keyword(new AnnotationKeyword("x-unit"))
                .keyword(new AnnotationKeyword("x-rename"))
                .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
                .build();
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .strict("format", true)
                .pathType(PathType.JSON_POINTER)
                .build();
        Map<String, String> schemas = new TreeMap<>();
        for (String folder : List.of("meta", "types", "models", "events")) {
            for (String file : SchemaFiles.in(folder)) {
                schemas.put(SchemaFiles.BASE + file, SchemaFiles.text(file));
            }
        }
        return SchemaRegistry.withDialect(
                dialect, builder -> builder.schemaRegistryConfig(config).schemas(schemas));
    }
}
