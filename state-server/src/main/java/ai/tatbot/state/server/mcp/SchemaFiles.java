package ai.tatbot.state.server.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The files of the schema that the program carries, by their path, such as {@code models/robot-state.json}. Immutable. */
final class SchemaFiles {
    private static final String ROOT = "ai/tatbot/state/schema/";
    private static final String WELL_KNOWN = ROOT + "meta/dialect.json";

    static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, String> texts;

    private SchemaFiles(Map<String, String> texts) {
        this.texts = Collections.unmodifiableMap(texts);
    }

    /** Reads all of them. */
    static SchemaFiles load() {
        URL known = SchemaFiles.class.getClassLoader().getResource(WELL_KNOWN);
        if (known == null) {
            throw new IllegalStateException("the schema is missing from the class path");
        }
        try {
            List<String> paths = known.openConnection() instanceof JarURLConnection jar
                    ? inJar(jar)
                    : inFolder(Path.of(known.toURI()).resolve("../..").normalize());
            Map<String, String> texts = new TreeMap<>();
            for (String path : paths) {
                texts.put(path, read(ROOT + path));
            }
            return new SchemaFiles(texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> inJar(JarURLConnection jar) throws IOException {
        List<String> paths = new ArrayList<>();
        jar.getJarFile().stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(ROOT) && name.endsWith(".json"))
                .forEach(name -> paths.add(name.substring(ROOT.length())));
        return paths;
    }

    private static List<String> inFolder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(path -> path.endsWith(".json"))
                    .toList();
        }
    }

    /** Text of a file of the program. */
    static String read(String resource) {
        try (InputStream in = SchemaFiles.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Their paths, in order. */
    List<String> paths() {
        return List.copyOf(texts.keySet());
    }

    /** Text of one of them, as it was written. */
    String text(String path) {
        String text = texts.get(path);
        if (text == null) {
            throw new IllegalArgumentException("there is no " + path);
        }
        return text;
    }

    boolean has(String path) {
        return texts.containsKey(path);
    }

    /** One of them as a tree, which is the caller's own. */
    ObjectNode tree(String path) {
        return JSON.readTree(text(path)).asObject();
    }

    /** Those of one folder, by name of the file without its ending. */
    Map<String, JsonNode> folder(String folder) {
        Map<String, JsonNode> found = new TreeMap<>();
        for (String path : texts.keySet()) {
            if (path.startsWith(folder + "/")) {
                found.put(path.substring(folder.length() + 1, path.length() - ".json".length()), tree(path));
            }
        }
        return found;
    }

    /** Resolves a reference that stands in a file: {@code ../types/time.json} in {@code models/base.json}. */
    static String resolve(String from, String reference) {
        return URI.create("/" + from).resolve(reference).getPath().substring(1);
    }
}
