package ai.tatbot.state.codegen;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules in the folder {@code meta}, which every file keeps to before anything is generated from it. */
final class MetaSchemas {
    /** Where all addresses of schemas begin. */
    static final String BASE = "https://tatbot.ai/schema/state/v1/";

    private static final String FOLDER = BASE + "meta/";

    private final SchemaRegistry registry;

    MetaSchemas(Path root) throws IOException {
        Map<String, String> schemas = new HashMap<>();
        for (String name : new String[] {"dialect.json", "key.json", "channel.json", "role.json"}) {
            schemas.put(FOLDER + name, Files.readString(root.resolve("meta").resolve(name)));
        }
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().pathType(PathType.JSON_POINTER).build();
        registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(config).schemas(schemas));
    }

    /** @param file path below the schema folder, such as {@code models/robot-state.json} */
    void check(String file, String content) {
        String rules = switch (file.substring(0, file.indexOf('/'))) {
            case "keys" -> "key.json";
            case "channels" -> "channel.json";
            case "roles" -> "role.json";
            default -> "dialect.json";
        };
        Schema schema = registry.getSchema(SchemaLocation.of(FOLDER + rules));
        String problems = schema.validate(content, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .distinct()
                .collect(Collectors.joining("\n  "));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(file + " is not of the dialect (schema/README.md)\n  " + problems);
        }
    }
}
