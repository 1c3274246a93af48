package ai.tatbot.state.codegen;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Entry point of the build: {@code GenerateTypeScript <schema folder> <target folder> <version>} writes model.d.ts, catalogue.js and
 * catalogue.d.ts.
 */
public final class GenerateTypeScript {
    /** What begins each of the files. */
    static final String HEAD = "// Made from schema/ by the build; not to be edited.\n\n";

    private GenerateTypeScript() {}

    /** @param args schema folder, folder for the modules, version of the project */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: GenerateTypeScript <schema folder> <target folder> <version>");
        }
        generate(Path.of(args[0]), Path.of(args[1]), args[2]);
    }

    static void generate(Path schemaFolder, Path target, String version) throws IOException {
        SchemaFolder schemas = SchemaFolder.read(schemaFolder);
        JsonText.write(target.resolve("model.d.ts"), new ModelTypes(schemas).text());
        JsonText.write(target.resolve("catalogue.js"), new CatalogueModule(schemas).text(version));
        JsonText.write(target.resolve("catalogue.d.ts"), new CatalogueTypes(schemas).text());
    }
}
