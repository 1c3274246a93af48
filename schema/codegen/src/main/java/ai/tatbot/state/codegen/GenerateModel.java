package ai.tatbot.state.codegen;

import com.sun.codemodel.JCodeModel;
import com.sun.codemodel.writer.FileCodeWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jsonschema2pojo.AnnotationStyle;
import org.jsonschema2pojo.DefaultGenerationConfig;
import org.jsonschema2pojo.GenerationConfig;
import org.jsonschema2pojo.NoopAnnotator;
import org.jsonschema2pojo.SchemaGenerator;
import org.jsonschema2pojo.SchemaMapper;
import org.jsonschema2pojo.SchemaStore;

/** Entry point of the build: {@code GenerateModel <schema folder> <target folder> <scratch folder>}. */
public final class GenerateModel {
    static final String PACKAGE = "ai.tatbot.state.model";

    private GenerateModel() {}

    /** @param args schema folder, folder for the Java sources, folder for the flattened schemas */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: GenerateModel <schema folder> <target folder> <scratch folder>");
        }
        generate(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    }

    static void generate(Path schemaFolder, Path target, Path scratch) throws IOException {
        // jsonschema2pojo changes case by the user's language; in Turkish "interrupted" has another capital letter.
        Locale users = Locale.getDefault();
        Locale.setDefault(Locale.ROOT);
        try {
            write(schemaFolder, target, scratch);
        } finally {
            Locale.setDefault(users);
        }
    }

    private static void write(Path schemaFolder, Path target, Path scratch) throws IOException {
        SchemaFolder schemas = SchemaFolder.read(schemaFolder);
        // What an earlier schema had must not linger in the build of a later one.
        clean(target);
        clean(scratch);
        writeBeans(schemas, target, scratch);
        new KeysWriter(schemas).write(target);
        new ChannelsWriter(schemas).write(target);
    }

    private static void writeBeans(SchemaFolder schemas, Path target, Path scratch) throws IOException {
        GenerationConfig config = new Config();
        NoopAnnotator annotator = new NoopAnnotator();
        SchemaStore store = new SchemaStore();
        SchemaMapper mapper =
                new SchemaMapper(new ImmutableRuleFactory(config, annotator, store, schemas), new SchemaGenerator());
        JCodeModel code = new JCodeModel();
        for (FlatSchema schema : schemas.documentsAndEvents()) {
            Path file = scratch.resolve(schema.name() + ".json");
            Files.writeString(file, schema.node().toPrettyString());
            mapper.generate(code, schema.className(), PACKAGE, file.toUri().toURL());
        }
        code.build(new FileCodeWriter(target.toFile(), StandardCharsets.UTF_8.name()));
    }

    static void clean(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(GenerateModel::delete);
            }
        }
        Files.createDirectories(folder);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The few settings of jsonschema2pojo that concern types; the rest is {@link ImmutableObjectRule}'s. */
    private static final class Config extends DefaultGenerationConfig {
        @Override
        public AnnotationStyle getAnnotationStyle() {
            return AnnotationStyle.NONE;
        }

        @Override
        public boolean isIncludeGeneratedAnnotation() {
            return false;
        }

        @Override
        public Map<String, String> getFormatTypeMapping() {
            return Map.of("utc-time", "java.time.Instant");
        }
    }
}
