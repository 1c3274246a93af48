package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A copy of the real schema folder that a test may spoil, and what is generated from it. */
final class SchemaCopy {
    private static final Path ORIGINAL = Path.of("..");
    private static final List<String> FOLDERS =
            List.of("types", "models", "events", "keys", "channels", "roles", "meta");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path schemas;
    private final Path sources;
    private final Path scratch;

    SchemaCopy(Path folder) throws IOException {
        schemas = folder.resolve("schema");
        sources = folder.resolve("sources");
        scratch = folder.resolve("scratch");
        for (String name : FOLDERS) {
            Files.createDirectories(schemas.resolve(name));
            try (var files = Files.list(ORIGINAL.resolve(name))) {
                for (Path file : files.toList()) {
                    Files.copy(file, schemas.resolve(name).resolve(file.getFileName()));
                }
            }
        }
    }

    static ObjectNode json(String singleQuoted) throws IOException {
        return (ObjectNode) JSON.readTree(singleQuoted.replace('\'', '"'));
    }

    void write(String file, String content) throws IOException {
        Files.writeString(schemas.resolve(file), content);
    }

    void delete(String file) throws IOException {
        Files.delete(schemas.resolve(file));
    }

    void edit(String file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode node = (ObjectNode) JSON.readTree(schemas.resolve(file).toFile());
        change.accept(node);
        write(file, node.toPrettyString());
    }

    void addField(String file, String name, JsonNode field) throws IOException {
        edit(file, node -> node.withObjectProperty("properties").set(name, field));
    }

    void generate() throws IOException {
        GenerateModel.generate(schemas, sources, scratch);
    }

    void generatePython() throws IOException {
        GeneratePython.generate(schemas, sources);
    }

    String python(String module) throws IOException {
        return Files.readString(sources.resolve(module + ".py"));
    }

    Path folder() {
        return schemas;
    }

    SchemaFolder read() throws IOException {
        return SchemaFolder.read(schemas);
    }

    Path sources() {
        return sources;
    }

    String source(String className) throws IOException {
        return Files.readString(sources.resolve("ai/tatbot/state/model").resolve(className + ".java"));
    }
}
