package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Generated sources, compiled together with the hand-written part of the model, and loaded. */
final class CompiledModel implements AutoCloseable {
    private static final Path HAND_WRITTEN = Path.of("../../state-model/src/main/java");

    private final URLClassLoader loader;

    CompiledModel(Path sources, Path classes) throws IOException {
        Files.createDirectories(classes);
        List<Path> files = new ArrayList<>();
        for (Path root : List.of(HAND_WRITTEN, sources)) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        StringWriter problems = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            problems,
                            manager,
                            null,
                            List.of("-d", classes.toString(), "-proc:none", "-encoding", "UTF-8"),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiled).as(problems.toString()).isTrue();
        }
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, CompiledModel.class.getClassLoader());
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(GenerateModel.PACKAGE + "." + name, true, loader);
    }

    /** Reads JSON by a generated class. */
    Object read(String className, String json) throws ReflectiveOperationException {
        Object jsonType = type(className).getField("JSON").get(null);
        try {
            return type("StateJson")
                    .getMethod("read", byte[].class, type("JsonType"))
                    .invoke(null, json.getBytes(StandardCharsets.UTF_8), jsonType);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The event that carries this model. */
    Object carry(String eventName, Object event, Object model) throws ReflectiveOperationException {
        Object builder = type(eventName).getMethod("toBuilder").invoke(event);
        Class<?> builderType = type(eventName + "$Builder");
        builderType.getMethod("from", model.getClass()).invoke(builder, model);
        return builderType.getMethod("build").invoke(builder);
    }

    Object get(Object object, String accessor) throws ReflectiveOperationException {
        return object.getClass().getMethod(accessor).invoke(object);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
