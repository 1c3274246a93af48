package ai.tatbot.state.client.chaos;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The client with one line of its source changed, compiled and loaded beside the real one, and {@link Chaos} on top of it. So a
 * broken watch can be tested without a switch in the real one.
 */
final class BrokenClient implements AutoCloseable {
    private static final String OURS = "ai.tatbot.state.client.";
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path TEST_CLASSES = Path.of("target", "test-classes");

    private final Path folder;
    private final Loader loader;

    private BrokenClient(Path folder) throws MalformedURLException {
        this.folder = folder;
        this.loader = new Loader(
                folder.toUri().toURL(),
                CLASSES.toUri().toURL(),
                TEST_CLASSES.toUri().toURL());
    }

    /**
     * Compiles it.
     *
     * @param type name of the class, without the client's package
     * @param line what to replace; occurs once
     * @param change what to put in its place
     */
    static BrokenClient with(String type, String line, String change) throws IOException {
        Path source = SOURCES.resolve((OURS + type).replace('.', '/') + ".java");
        String text = Files.readString(source);
        if (text.split(Pattern.quote(line), -1).length != 2) {
            throw new IllegalStateException("not once in " + source + ": " + line);
        }
        Path folder = Files.createTempDirectory("broken-client");
        Path changed = Files.writeString(folder.resolve(source.getFileName()), text.replace(line, change));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-d",
                folder.toString(),
                "-cp",
                CLASSES + File.pathSeparator + System.getProperty("java.class.path"),
                changed.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the changed " + type + " does not compile");
        }
        return new BrokenClient(folder);
    }

    /** What {@link Chaos#violations} finds with it. */
    List<String> violations(long seed) throws ReflectiveOperationException {
        Method method = loader.loadClass(Chaos.class.getName()).getDeclaredMethod("violations", long.class);
        method.setAccessible(true);
        List<String> found = new ArrayList<>();
        try {
            ((List<?>) method.invoke(null, seed)).forEach(violation -> found.add(String.valueOf(violation)));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the schedule broke down", e.getCause());
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        loader.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** Takes the client and its tests from the given places, and all else from where everyone does. */
    private static final class Loader extends URLClassLoader {
        Loader(URL... places) {
            super(places, BrokenClient.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
