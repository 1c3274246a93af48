package ai.tatbot.state.codegen;

import java.io.IOException;
import java.nio.file.Path;

/** Entry point of the build: {@code DescribeSchema <schema folder> <target folder> <version>} writes asyncapi.json and keys.json. */
public final class DescribeSchema {
    private DescribeSchema() {}

    /** @param args schema folder, folder for the descriptions, version of the project */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: DescribeSchema <schema folder> <target folder> <version>");
        }
        describe(Path.of(args[0]), Path.of(args[1]), args[2]);
    }

    static void describe(Path schemaFolder, Path target, String version) throws IOException {
        SchemaFolder schemas = SchemaFolder.read(schemaFolder);
        JsonText.write(target.resolve("asyncapi.json"), JsonText.pretty(new AsyncApi(schemas).document(version)));
        JsonText.write(target.resolve("keys.json"), JsonText.pretty(new KeyCatalogue(schemas).document(version)));
    }
}
