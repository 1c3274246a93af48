package ai.tatbot.state.server.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every file of the schema, as the jar {@code state-schema} carries it. Which files there are is found out by looking, so none can be
 * forgotten here. Immutable.
 */
public final class SchemaFiles {
    static final String EXTENSION = ".json";

    private static final String ROOT = "/ai/tatbot/state/schema/";

    /** A file that is always there: where it is, the others are. */
    private static final String LANDMARK = "meta/dialect.json";

    /** The cases of conformance are beside it, and no schemas. */
    private static final Pattern PATH = Pattern.compile("(?!conformance/)[a-z]+/[a-z]+(-[a-z]+)*[.]json");

    private final String base;
    private final Map<String, SchemaFile> files = new TreeMap<>();

    private SchemaFiles() {
        String landmark = SchemaFile.parse(read(LANDMARK)).get("$id").asString();
        this.base = landmark.substring(0, landmark.length() - LANDMARK.length());
        for (String path : paths()) {
            files.put(path, new SchemaFile(base, path, read(path)));
        }
    }

    /** Those on the class path. Read when first asked for, and kept. */
    public static SchemaFiles packaged() {
        return Packaged.FILES;
    }

    /** All of them, by folder and name. */
    public List<SchemaFile> all() {
        return List.copyOf(files.values());
    }

    /** Those of one folder, by name. */
    public List<SchemaFile> in(String folder) {
        return files.values().stream()
                .filter(file -> file.folder().equals(folder))
                .toList();
    }

    /** The file at this path, such as {@code models/robot-state.json}. */
    public Optional<SchemaFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** What every address begins with, such as {@code https://example.org/schema/state/v1/}. */
    public String base() {
        return base;
    }

    /** The same without the host, such as {@code /schema/state/v1/}. */
    public String basePath() {
        return URI.create(base).getPath();
    }

    private static List<String> paths() {
        URL landmark = SchemaFiles.class.getResource(ROOT + LANDMARK);
        if (landmark == null) {
            throw new IllegalStateException("the schema is not on the class path");
        }
        try {
            return landmark.openConnection() instanceof JarURLConnection jar
                    ? inJar(jar)
                    : inFolder(Path.of(URI.create(landmark.toString()))
                            .resolve("../..")
                            .normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> inJar(JarURLConnection connection) throws IOException {
        String root = ROOT.substring(1);
        // Not the class loader's, which must stay open.
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile();
                Stream<String> names = jar.stream().map(JarEntry::getName)) {
            return names.filter(name -> name.startsWith(root))
                    .map(name -> name.substring(root.length()))
                    .filter(SchemaFiles::isFile)
                    .toList();
        }
    }

    private static List<String> inFolder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(SchemaFiles::isFile)
                    .toList();
        }
    }

    private static boolean isFile(String path) {
        return PATH.matcher(path).matches();
    }

    private static byte[] read(String path) {
        try (InputStream in = SchemaFiles.class.getResourceAsStream(ROOT + path)) {
            if (in == null) {
                throw new IllegalStateException("the schema has no " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Packaged {
        static final SchemaFiles FILES = new SchemaFiles();
    }
}
