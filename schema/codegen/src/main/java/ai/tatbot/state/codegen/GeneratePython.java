package ai.tatbot.state.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Entry point of the build of the Python package: {@code GeneratePython <schema folder> <folder of the package>}. */
public final class GeneratePython {
    private GeneratePython() {}

    /** @param args schema folder, folder for the modules */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: GeneratePython <schema folder> <folder of the package>");
        }
        generate(Path.of(args[0]), Path.of(args[1]));
    }

    static void generate(Path schemaFolder, Path target) throws IOException {
        SchemaFolder schemas = SchemaFolder.read(schemaFolder);
        GenerateModel.clean(target);
        PythonClasses classes = new PythonClasses(schemas);
        PythonNamesOfRedis names = new PythonNamesOfRedis(schemas);
        Files.writeString(target.resolve("models.py"), classes.models());
        Files.writeString(target.resolve("events.py"), classes.events());
        Files.writeString(target.resolve("keys.py"), names.keys());
        Files.writeString(target.resolve("channels.py"), names.channels());
        Files.writeString(target.resolve("pydantic_models.py"), new PythonPydantic(schemas).module());
    }
}
